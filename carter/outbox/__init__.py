"""Letters that wait to be mailed: neither none nor two leave, whatever breaks in between."""
