-- How an application was signed by whoever sent it; what was signed stands sealed by the pack's key.
CREATE TABLE work_signature (
  case_id TEXT PRIMARY KEY REFERENCES work_case (id),
  signer TEXT NOT NULL,
  at TEXT NOT NULL,
  proved TEXT NOT NULL,
  strength TEXT NOT NULL,
  sm3 TEXT NOT NULL,
  content TEXT NOT NULL
);
