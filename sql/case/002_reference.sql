-- Codes, laws, instruments and the catalogue: filled from sql/reference/*.csv by migrate, whose
-- header must be these columns. Validity: valid_from is the first day, valid_to the day after
-- the last; NULL is open. Lists inside a cell are separated by |.
CREATE TABLE ref.municipality (
    code smallint PRIMARY KEY,
    name text NOT NULL,
    region text NOT NULL
);

CREATE TABLE ref.code_list (
    list text NOT NULL,
    code text NOT NULL,
    name_da text NOT NULL,
    name_en text NOT NULL,
    aliases text,
    valid_from date,
    valid_to date,
    PRIMARY KEY (list, code)
);

CREATE TABLE ref.paragraph (
    code text PRIMARY KEY,
    name_da text NOT NULL,
    name_en text NOT NULL,
    aliases text,
    law text NOT NULL,
    step text CHECK (step IN ('1', '2', '3', 'PLACE', 'PLACE_OR_3')), -- NULL: no step
    kind text NOT NULL,
    valid_from date,
    valid_to date,
    source text
);

CREATE TABLE ref.place_type (
    code text PRIMARY KEY,
    name_da text NOT NULL,
    name_en text NOT NULL,
    aliases text,
    step smallint NOT NULL CHECK (step BETWEEN 4 AND 6),
    share_type text NOT NULL, -- the placement_type of the facts
    valid_from date,
    valid_to date,
    source text
);

CREATE TABLE ref.ladder_step (
    ladder_step smallint PRIMARY KEY CHECK (ladder_step BETWEEN 1 AND 6),
    name_da text NOT NULL,
    name_en text NOT NULL,
    source text
);

CREATE TABLE ref.instrument (
    instrument text NOT NULL,
    version text NOT NULL,
    name_da text NOT NULL,
    name_en text NOT NULL,
    aliases text,
    informants text NOT NULL,
    min numeric NOT NULL,
    max numeric NOT NULL,
    higher_is_better boolean NOT NULL,
    sd numeric,
    reliability numeric,
    rci_criterion numeric NOT NULL CHECK (rci_criterion > 0), -- least reliable change
    cutoff numeric, -- clinical: below it when higher is better, else at or above it
    valid_from date,
    valid_to date,
    source text,
    PRIMARY KEY (instrument, version, informants)
);

CREATE TABLE ref.law_rule (
    rule_id text NOT NULL,
    law text NOT NULL,
    paragraph text,
    valid_from date NOT NULL,
    valid_to date,
    applies_kinds text NOT NULL, -- kinds of ref.paragraph
    anchor_event text NOT NULL CHECK (anchor_event IN ('START', 'START_OR_FOLLOW_UP')),
    offset_count integer NOT NULL CHECK (offset_count >= 0),
    offset_unit text NOT NULL CHECK (offset_unit = 'MONTH'),
    recurrence text NOT NULL CHECK (recurrence IN ('ONCE', 'REPEATS')),
    consequence text NOT NULL,
    verified boolean NOT NULL,
    source text NOT NULL,
    PRIMARY KEY (rule_id, valid_from),
    CHECK (valid_from < valid_to)
);

CREATE TABLE ref.age_band (
    age_band text PRIMARY KEY,
    age_from integer NOT NULL,
    age_to integer NOT NULL, -- the last age of the band
    name_da text NOT NULL,
    name_en text NOT NULL,
    CHECK (age_from <= age_to)
);

CREATE TABLE ref.interval_band (
    interval_band text PRIMARY KEY,
    days_from integer NOT NULL,
    days_to integer -- the last day of the band; NULL is open
);

CREATE TABLE ref.period (
    period_kind text NOT NULL CHECK (period_kind IN ('quarter', 'half_year')),
    period text NOT NULL,
    period_no integer NOT NULL, -- 1, 2, 3 ... within the kind
    start_date date NOT NULL,
    end_date date NOT NULL, -- the day after the last day
    PRIMARY KEY (period_kind, period),
    UNIQUE (period_kind, period_no),
    CHECK (start_date < end_date)
);

CREATE TABLE ref.indicator (
    indicator text PRIMARY KEY,
    name_da text NOT NULL,
    name_en text NOT NULL,
    unit text NOT NULL,
    statistic text NOT NULL,
    direction text NOT NULL CHECK (direction IN ('up', 'down', 'neutral')),
    period_kind text NOT NULL,
    fact text NOT NULL,
    rule text,
    numerator text,
    denominator text,
    chart text NOT NULL,
    dimensions text NOT NULL,
    parameter numeric, -- a limit that the indicator compares with
    zero_discloses boolean NOT NULL,
    caveat_da text,
    caveat_en text
);

CREATE TABLE ref.measure (
    measure text PRIMARY KEY,
    indicator text NOT NULL,
    fact text NOT NULL,
    rule text,
    statistic text NOT NULL
        CHECK (statistic IN ('share', 'distribution', 'ratio', 'median', 'mean')),
    outcome_column text CHECK (outcome_column IN ('placement_type', 'ladder_step', 'outcome')),
    numerator_outcomes text,
    name_da text NOT NULL,
    name_en text NOT NULL
);

CREATE TABLE ref.plan (
    plan text NOT NULL,
    indicator text NOT NULL,
    table_no integer NOT NULL,
    dimensions text, -- beside period and outcome
    PRIMARY KEY (plan, indicator, table_no)
);
