"""A panel as a native chart of an office document, in DrawingML, with the workbook that its data stands in.

Written here rather than by python-pptx, which knows no intervals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape as escaped

from pages.ui.figures import INK
from pages.ui.takeaway.chart_data import Column, Data, clean
from pages.ui.takeaway.looks import colour
from pages.ui.takeaway.panels import Axis, Panel, Series

SPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
FORMATS = {"share": "0%", "money": "#,##0", "count": "#,##0", "points": "+0;\u22120;0", "score": "0.0", "days": "0.0"}
TICKS = {  # d3's formats as those of office programs
    ".0%": "0%",
    ".1%": "0.0%",
    "+.0%": "+0%;\u22120%;0%",
    "+.1%": "+0.0%;\u22120.0%;0%",
    "+.0f": "+0;\u22120;0",
    "+.2f": "+0.00;\u22120.00;0",
    ".1f": "0.0",
    ",.0f": "#,##0",
    "~s": "#,##0",
    ",.3~s": "#,##0",
    ",.2f": "#,##0.00",
    ",.2~f": "#,##0.00",
}
SYMBOLS = {"line-ns": "square", "line-ew": "dash", "square": "square", "diamond": "diamond", "x": "x", "cross": "plus"}
FEW_BARS = 3  # they would be too thick
STROKE = 0.03  # of the height of the plot
DASHES = {"dot": "sysDot", "dash": "dash", "dashdot": "dashDot"}
LABELLED = ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")
EMUS_A_POINT = 12700


@dataclass(frozen=True)
class Frame:
    """Where the plot itself stands inside the chart, as parts of it."""

    left: float
    top: float
    width: float
    height: float


@dataclass
class NativeChart:
    """What python-pptx asks of chart data: the XML and the workbook."""

    xml: str
    xlsx_blob: bytes

    def xml_bytes(self, chart_type: object) -> bytes:
        return self.xml.encode()


def native(panel: Panel, frame: Frame, other: str) -> NativeChart:
    """`other`: the name of series that have none of their own."""
    data = Data()
    body = drawn_points(panel, data, other) if panel.kind == "points" else drawn_bars(panel, data, other)
    layout = "".join(
        f'<c:{k} val="{v:.4f}"/>'
        for k, v in zip("xywh", (frame.left, frame.top, frame.width, frame.height), strict=True)
    )
    xml = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><c:chartSpace {SPACES}><c:date1904 val="0"/>'
        f'<c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout><c:manualLayout>'
        f'<c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>{layout}</c:manualLayout></c:layout>'
        f'{body}</c:plotArea>{legend(panel)}<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"{text_look(10)}</c:chartSpace>"
    )
    return NativeChart(xml, data.xlsx())


def escape(text: str) -> str:
    """Text from outside inside XML, without what XML cannot hold."""
    return escaped(clean(text))


def drawn_points(panel: Panel, data: Data, other: str) -> str:
    """A scatter chart: every series with its own x, y and intervals.

    All are as long as the longest: LibreOffice loses those before a longer one.
    """
    longest = max((len(s.x) for s in panel.series), default=0)
    equal = [s.padded(longest) for s in panel.series]
    series = "".join(point_series(i, s, panel, data, other) for i, s in enumerate(equal))
    return (
        f'<c:scatterChart><c:scatterStyle val="lineMarker"/><c:varyColors val="0"/>{series}'
        f'<c:axId val="1"/><c:axId val="2"/></c:scatterChart>'
        f"{value_axis(panel.x, 1, 2, 'b')}{value_axis(panel.y, 2, 1, 'l')}"
    )


def point_series(index: int, series: Series, panel: Panel, data: Data, other: str) -> str:
    number = format_of(series, panel)
    if any(series.labels):
        data.add(Column(series.name or other, series.labels))
    value, place = (number, "General") if series.along == "x" else ("General", number)
    across = data.add(Column("x" if series.along == "y" else series.name or other, series.x, value))
    upward = data.add(Column("y" if series.along == "x" else series.name or other, series.y, place))
    head = across if series.along == "x" else upward
    ends = intervals(series, data, number, f'<c:errDir val="{series.along}"/>') + upright(series, panel.y)
    line = line_look(series.colours[0] if series.colours else "", series.width, series.dash, series.opacity)
    cells = [numbers("xVal", across[1], series.x, value), numbers("yVal", upward[1], series.y, place)]
    return (
        f'<c:ser><c:idx val="{index}"/><c:order val="{index}"/>{title_of(head[0], series.name or other)}'
        f"<c:spPr>{line}</c:spPr>{marker(series)}{ends}{''.join(cells)}"
        f'<c:smooth val="0"/></c:ser>'
    )


def drawn_bars(panel: Panel, data: Data, other: str) -> str:
    """Bars or columns from zero, or on unseen bars where they hang between two levels."""
    is_flat = panel.kind == "rows"
    names = data.add(Column("", panel.categories))
    series = "".join(bar_series(i, s, panel, names, data, other) for i, s in enumerate(panel.series))
    lies = panel.is_stacked or panel.is_overlaid
    axis = panel.x if is_flat else panel.y
    return (
        f'<c:barChart><c:barDir val="{"bar" if is_flat else "col"}"/>'
        f'<c:grouping val="{"stacked" if panel.is_stacked else "clustered"}"/><c:varyColors val="0"/>{series}'
        f'<c:gapWidth val="{70 if len(panel.categories) > FEW_BARS else 180}"/><c:overlap val="{100 if lies else 0}"/>'
        f'<c:axId val="1"/><c:axId val="2"/></c:barChart>{name_axis(is_flat)}'
        f"{value_axis(axis, 2, 1, 'b' if is_flat else 'l', crosses='autoZero')}"
    )


def bar_series(index: int, series: Series, panel: Panel, names: tuple[str, str], data: Data, other: str) -> str:
    values, is_unseen = (series.x if panel.kind == "rows" else series.y), not any(series.colours)
    number = format_of(series, panel)
    head, cells = data.add(Column(series.name or ("" if is_unseen else other), values, number))
    look = "<a:noFill/>" if is_unseen else fill(series.colours[0], series.opacity)
    points = "" if is_unseen else own_fills(series) + written(panel)
    ends = intervals(series, data, number, "") if not is_unseen else ""
    categories = "".join(f'<c:pt idx="{i}"><c:v>{escape(name)}</c:v></c:pt>' for i, name in enumerate(panel.categories))
    return (
        f'<c:ser><c:idx val="{index}"/><c:order val="{index}"/>{title_of(head, series.name or other)}'
        f'<c:spPr>{look}</c:spPr><c:invertIfNegative val="0"/>{points}{ends}'
        f'<c:cat><c:strRef><c:f>{names[1]}</c:f><c:strCache><c:ptCount val="{len(panel.categories)}"/>{categories}'
        f"</c:strCache></c:strRef></c:cat>{numbers('val', cells, values, number)}</c:ser>"
    )


def format_of(series: Series, panel: Panel) -> str:
    """By the unit of the table's column; else as the axis writes its numbers."""
    if series.unit:
        return FORMATS.get(series.unit, "General")
    tick = (panel.x if series.along == "x" else panel.y).tick
    return TICKS.get(tick, "General")


def intervals(series: Series, data: Data, number: str, direction: str) -> str:
    if not series.low or not any((*series.low, *series.high)):
        return ""
    below = data.add(Column("\u2212", series.low, number))[1]
    above = data.add(Column("+", series.high, number))[1]
    ink = series.colours[0] if series.size else INK
    return (
        f'<c:errBars>{direction}<c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="1"/>'
        f"{numbers('plus', above, series.high, number)}{numbers('minus', below, series.low, number)}"
        f"<c:spPr>{line_look(ink, 1.5, '', 0.75)}</c:spPr></c:errBars>"
    )


def upright(series: Series, axis: Axis) -> str:
    """A stroke through each mark where the figure draws strokes, for which office programs have no symbol."""
    if not series.symbol.startswith("line-ns"):
        return ""
    length = (axis.high - axis.low) * STROKE
    return (
        f'<c:errBars><c:errDir val="y"/><c:errBarType val="both"/><c:errValType val="fixedVal"/><c:noEndCap val="1"/>'
        f'<c:val val="{length:.6g}"/><c:spPr>{line_look(series.colours[0], 4, "", 1)}</c:spPr></c:errBars>'
    )


def written(panel: Panel) -> str:
    """The values over columns, in those that hang between two levels."""
    if panel.kind != "columns":
        return ""
    shown = "".join(f'<c:show{what} val="{int(what == "Val")}"/>' for what in LABELLED)
    look = text_look(10, "backgroundColor" if panel.is_stacked else "textColor")
    number = '<c:numFmt formatCode="#,##0.0" sourceLinked="0"/>'
    return f"<c:dLbls>{number}<c:spPr><a:noFill/></c:spPr>{look}{shown}</c:dLbls>"


def numbers(tag: str, where: str, values: Sequence[float | None], number: str) -> str:
    cells = "".join(
        f'<c:pt idx="{i}"><c:v>{value!r}</c:v></c:pt>' for i, value in enumerate(values) if value is not None
    )
    return (
        f"<c:{tag}><c:numRef><c:f>{where}</c:f><c:numCache><c:formatCode>{escape(number)}</c:formatCode>"
        f'<c:ptCount val="{len(values)}"/>{cells}</c:numCache></c:numRef></c:{tag}>'
    )


def title_of(where: str, name: str) -> str:
    cell = f'<c:ptCount val="1"/><c:pt idx="0"><c:v>{escape(name)}</c:v></c:pt>'
    return f"<c:tx><c:strRef><c:f>{where}</c:f><c:strCache>{cell}</c:strCache></c:strRef></c:tx>"


def fill(placeholder: str, opacity: float = 1.0) -> str:
    seen = "" if opacity >= 1 else f'<a:alpha val="{round(opacity * 100_000)}"/>'
    return f'<a:solidFill><a:srgbClr val="{colour(placeholder)}">{seen}</a:srgbClr></a:solidFill>'


def line_look(placeholder: str, width: float, dash: str, opacity: float) -> str:
    """`width` in pixels of the screen."""
    if not width:
        return "<a:ln><a:noFill/></a:ln>"
    dashed = f'<a:prstDash val="{DASHES[dash]}"/>' if dash in DASHES else ""
    points = round(width * 0.75 * EMUS_A_POINT)
    return f'<a:ln w="{points}" cap="flat">{fill(placeholder, opacity)}{dashed}<a:round/></a:ln>'


def marker(series: Series) -> str:
    if not series.size:
        return '<c:marker><c:symbol val="none"/></c:marker>'
    own = series.colours[0]
    name, is_open = series.symbol.removesuffix("-open"), series.symbol.endswith("-open")
    inside = "<a:noFill/>" if is_open and not name.startswith("line") else fill(own, series.opacity)
    edge = line_look(own, 2 if is_open else 0, "", 1.0)
    size = 2 if name == "line-ns" else max(4, min(14, round(series.size * 0.75)))
    return (
        f'<c:marker><c:symbol val="{SYMBOLS.get(name, "circle")}"/><c:size val="{size}"/>'
        f"<c:spPr>{inside}{edge}</c:spPr></c:marker>"
    )


def own_fills(series: Series) -> str:
    return "".join(
        f'<c:dPt><c:idx val="{i}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/><c:spPr>'
        f"{fill(c, series.opacity)}</c:spPr></c:dPt>"
        for i, c in enumerate(series.colours)
        if c and c != series.colours[0]
    )


def legend(panel: Panel) -> str:
    """Only where there are several series with names."""
    names = [s.name if s.is_told else "" for s in panel.series]
    if not panel.legend:
        return ""
    silent = "".join(
        f'<c:legendEntry><c:idx val="{i}"/><c:delete val="1"/></c:legendEntry>'
        for i, name in enumerate(names)
        if not name or name in names[:i]
    )
    return f'<c:legend><c:legendPos val="t"/>{silent}<c:overlay val="0"/>{text_look(10)}</c:legend>'


def value_axis(axis: Axis, own: int, other: int, side: str, crosses: str = "min") -> str:
    unit = f'<c:majorUnit val="{axis.step:.10g}"/>' if axis.step else ""
    lines = f"<c:majorGridlines><c:spPr>{line_look('borderColor', 0.7, '', 1)}</c:spPr></c:majorGridlines>"
    number = escape(TICKS.get(axis.tick, "General"))
    return (
        f'<c:valAx><c:axId val="{own}"/><c:scaling><c:orientation val="minMax"/><c:max val="{axis.high:.12g}"/>'
        f'<c:min val="{axis.low:.12g}"/></c:scaling><c:delete val="{0 if axis.is_written else 1}"/>'
        f'<c:axPos val="{side}"/>{lines if axis.is_written else ""}{axis_title(axis.title) if axis.is_written else ""}'
        f'<c:numFmt formatCode="{number}" sourceLinked="0"/>'
        f'<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f'<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{text_look(10, "grayTextColor")}<c:crossAx val="{other}"/>'
        f'<c:crosses val="{crosses}"/><c:crossBetween val="{"midCat" if crosses == "min" else "between"}"/>'
        f"{unit}</c:valAx>"
    )


def name_axis(is_flat: bool) -> str:
    """Of bars: the first on top; names stand at the low end also where bars go both ways."""
    return (
        f'<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="{"maxMin" if is_flat else "minMax"}"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{"l" if is_flat else "b"}"/>'
        f'<c:numFmt formatCode="General" sourceLinked="0"/>'
        f'<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f"<c:spPr>{line_look('borderColor', 1, '', 1)}</c:spPr>{text_look(10.5)}"
        f'<c:crossAx val="2"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/>'
        f'<c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx>'
    )


def axis_title(title: str) -> str:
    if not title:
        return ""
    run = f'<a:r><a:rPr sz="1000" b="0">{fill("grayTextColor")}</a:rPr><a:t>{escape(title)}</a:t></a:r>'
    return f'<c:title><c:tx><c:rich><a:bodyPr/><a:p>{run}</a:p></c:rich></c:tx><c:overlay val="0"/></c:title>'


def text_look(points: float, ink: str = "textColor") -> str:
    return (
        f'<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{round(points * 100)}" b="0">{fill(ink)}</a:defRPr>'
        f'</a:pPr><a:endParaRPr lang="en-US"/></a:p></c:txPr>'
    )
