"""What the outlook takes for granted (config.yaml: outlook)."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from data.models import Code, ColumnName, Label, Strict


class CrossSection(Strict):
    """CRM alone against CRM + CEM for a company without dates: what goes with what at one moment.

    `outcome`: a number of each customer; it happened where that is larger than `above`; `label` says so, after "who".
    `crm`, `cem`: what purchase history and experience know. Segments are categories; all others are numbers, which
    become columns of customers for adapters to feed.
    """

    outcome: ColumnName
    above: float = 0.0
    label: Label
    crm: Annotated[list[ColumnName], Field(min_length=1)]
    cem: Annotated[dict[ColumnName, Label], Field(min_length=1)]

    @model_validator(mode="after")
    def each_name_has_one_side(self) -> Self:
        names = [self.outcome, *self.crm, *self.cem]
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise ValueError(f"{', '.join(doubled)} stands twice in outcome, crm and cem")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        return self.outcome, *self.crm, *self.cem


class Outlook(Strict):
    """`discount`: a year's, of money to come."""

    worthwhile_auc: Annotated[float, Field(gt=0, lt=0.5)] = 0.01
    leaving_reasons: list[Code] = []
    clv_months: Annotated[int, Field(ge=1, le=60)] = 12
    discount: Annotated[float, Field(ge=0, lt=1)] = 0.10
    cross_section: CrossSection | None = None
