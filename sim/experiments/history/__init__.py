"""Judgement by the record: forecasts of its episodes, and what all of them share."""
