-- fct_verbatim_emotion: the emotion that a text shows
-- grain: one row per text that shows an emotion (verbatim_id)
-- stored: table
-- source: fct_verbatim
-- keeps: texts read, with an emotion
select
    verbatim_id,
    emotion,
    * exclude (verbatim_id, emotion)
from fct_verbatim
where emotion not in ('none', 'unread')
order by said_at, verbatim_id
