"""Cards and bank accounts on file, and what is charged to them through the payment gateway."""
