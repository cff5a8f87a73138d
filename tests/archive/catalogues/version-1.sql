-- The catalogue as Coach wrote it with user_version 1. Frozen: never to be changed.
PRAGMA application_id = 1131372899;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE figure (
  session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE, name TEXT NOT NULL, value REAL NOT NULL,
  PRIMARY KEY (session, name)
) STRICT, WITHOUT ROWID;
INSERT INTO "figure" VALUES(1,'layers',3.0);
INSERT INTO "figure" VALUES(1,'talk_share',0.41);
INSERT INTO "figure" VALUES(2,'talk_share',0.7);
CREATE TABLE session (
  id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, name TEXT NOT NULL, began TEXT NOT NULL, at REAL,
  call_type TEXT NOT NULL, title TEXT NOT NULL, tags TEXT NOT NULL, duration_s REAL NOT NULL, source TEXT NOT NULL,
  nudges INTEGER NOT NULL, notes INTEGER NOT NULL, practice INTEGER NOT NULL, fault TEXT NOT NULL,
  stamp TEXT NOT NULL
) STRICT;
INSERT INTO "session" VALUES(1,'/s/a.jsonl','a','2026-11-20T10:00:00+01:00',1795424400.0,'discovery','Corinne''s lift','["won", "north"]',1800.0,'live',2,1,0,'','old-stamp-a');
INSERT INTO "session" VALUES(2,'/s/b.jsonl','b','2026-11-21T10:00:00+01:00',1795510800.0,'demo','Tape','[]',900.5,'recording',0,0,1,'','old-stamp-b');
INSERT INTO "session" VALUES(3,'/s/c.jsonl','c','',NULL,'','c','[]',0.0,'live',0,0,0,'''c'' is no session of Coach.','old-stamp-c');
CREATE INDEX session_at ON session (at);
CREATE INDEX session_type_at ON session (call_type, at);
COMMIT;
