-- Officials of a region read its cases and those of the regions within it: a range of codes.
CREATE INDEX work_case_region ON work_case (region, opened, id);
