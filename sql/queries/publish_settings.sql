-- Settings of publish's snapshot. It reads whole municipalities, for which hash joins are right
-- whether or not the tables have been analysed since the last load (nested loops over tables
-- without statistics are cubic); compiling these wide plans takes longer than running them.
SELECT set_config('enable_nestloop', 'off', true), set_config('jit', 'off', true);
