-- How facts are planned, until the transaction ends. Rows just pushed have no statistics yet, and
-- the planner then believes in one row a municipality and nests loops over all of them. Without
-- nested loops its cost estimates pass every threshold, and compiling would cost more than it
-- saves.
SELECT set_config('enable_nestloop', 'off', true), set_config('work_mem', '64MB', true),
       set_config('jit', 'off', true);
