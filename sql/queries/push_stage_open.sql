-- Makes the temporary tables of one push.
SELECT cases.stage_open();
