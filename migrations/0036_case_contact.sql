-- What it is: the contact by which support reaches the person. No hint to a password.
ALTER TABLE cases RENAME COLUMN hint TO contact;
