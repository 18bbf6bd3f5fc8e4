-- fct_verbatim_theme: a theme that a text is about, with all that is known of the text
-- grain: one row per text and theme (verbatim_id, theme)
-- stored: table
-- units: as fct_verbatim
-- source: fct_verbatim, reading_theme
-- keeps: texts about at least one theme; a text about several has several rows
select
    t.theme,
    v.*
from fct_verbatim as v
inner join reading_theme as t on v.reading_id = t.reading_id
order by v.said_at, v.verbatim_id, t.theme
