-- fct_survey_answer: an answer, with the customer who gave it
-- grain: one row per answered invitation and what it is about (survey_id, order_id, contact_id)
-- stored: table
-- units: score on the instrument's own scale; answered_at in the company's time zone
-- source: fct_survey_invitation
-- keeps: answers of unknown customers, with segments 'unknown'
select *
from fct_survey_invitation
where is_answered
order by answered_at, survey_id, order_id, contact_id
