CREATE TABLE outside_account (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  login TEXT NOT NULL,
  linked TEXT NOT NULL,
  PRIMARY KEY (issuer, subject)
);
CREATE INDEX outside_account_login ON outside_account (login);
