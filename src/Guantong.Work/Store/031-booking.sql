-- Appointments (预约) and queues (排队叫号): a row is somebody's coming to a place, booked ahead or begun by taking a number there.
CREATE TABLE work_booking (
  id TEXT PRIMARY KEY,
  -- By which who booked is known at the place; null of who took a number.
  number TEXT UNIQUE,
  place TEXT NOT NULL,
  -- What for; null of who took a number.
  pack TEXT,
  matter TEXT,
  -- Whose it is: a subject. Nobody's of who took a number, where it was not kept, and half a year later.
  holder TEXT,
  -- yyyy-MM-dd by the jurisdiction's clock
  day TEXT NOT NULL,
  starts TEXT NOT NULL,
  ends TEXT NOT NULL,
  -- Which of the slot's, from 1; null where it takes none: a number, what was cancelled.
  seat BIGINT,
  -- booked, arrived, called, done, absent, cancelled
  state TEXT NOT NULL,
  -- The number of the day's queue, and the time by which its turn comes.
  ticket BIGINT,
  turn TEXT,
  counter BIGINT,
  made TEXT NOT NULL,
  arrived TEXT,
  called TEXT,
  ended TEXT,
  reminded TEXT
);
CREATE UNIQUE INDEX work_booking_seat ON work_booking (place, pack, matter, starts, seat);
CREATE UNIQUE INDEX work_booking_ticket ON work_booking (place, day, ticket);
CREATE INDEX work_booking_holder ON work_booking (holder, starts);
CREATE INDEX work_booking_day ON work_booking (day, state);
