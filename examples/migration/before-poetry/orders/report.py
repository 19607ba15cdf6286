"""Sales by month and product. This module needs the extra `reports`."""

import pandas

from .models import Line


def sales() -> pandas.DataFrame:
    """Return pieces and turnover without tax for each month and product."""
    rows = Line.objects.values_list(
        "order__placed_at", "product__name", "quantity", "price"
    )
    frame = pandas.DataFrame(rows, columns=["month", "product", "pieces", "price"])
    frame["month"] = pandas.to_datetime(frame["month"], utc=True).dt.strftime("%Y-%m")
    frame["turnover"] = frame["price"] * frame["pieces"]
    return frame.groupby(["month", "product"])[["pieces", "turnover"]].sum()
