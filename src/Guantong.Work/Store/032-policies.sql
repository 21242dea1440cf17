-- A policy that is had without an application (免申即享): by which organisation it was confirmed, so that two confirmations open one case.
CREATE TABLE work_policy_had (
  -- A subject, the policy as PACK/POLICY, and its first day: a policy that is given anew is had anew.
  subject TEXT NOT NULL,
  policy TEXT NOT NULL,
  begins TEXT NOT NULL,
  confirmed TEXT NOT NULL,
  -- The case's number; null while it is being opened.
  number TEXT,
  PRIMARY KEY (subject, policy, begins)
);
