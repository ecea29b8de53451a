"""What the office hands out about money: papers made of the book, their links and letters."""
