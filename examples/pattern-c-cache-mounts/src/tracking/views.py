import json
from secrets import compare_digest

import shipcodes
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from .models import Parcel, Scan

PAGE = 20


def refuse(message, status):
    return JsonResponse({"error": message}, status=status)


async def newest_scans(number, page=1):
    """Return one page of scans, and whether there are more."""
    first = (page - 1) * PAGE
    scans = Scan.objects.filter(parcel__number=number)[first : first + PAGE + 1]
    found = [scan async for scan in scans]
    return found[:PAGE], len(found) > PAGE


@require_safe
async def page(request):
    """Show a form for a tracking number, and the scans of that parcel."""
    typed = request.GET.get("number", "")
    context = {"typed": typed}
    try:
        if typed:
            number = shipcodes.parse(typed)
            context["scans"], _ = await newest_scans(number)
            context["label"] = shipcodes.spaced(number)
    except shipcodes.InvalidCode as error:
        context["error"] = str(error)
    status = 400 if "error" in context else 200
    return render(request, "tracking/page.html", context, status=status)


@require_safe
async def parcel(request, number):
    try:
        number = shipcodes.parse(number)
    except shipcodes.InvalidCode as error:
        return refuse(str(error), 400)
    asked = request.GET.get("page", "1")
    # Limit the page number to five digits so that it cannot overflow in the
    # database.
    if not (asked.isascii() and asked.isdigit() and len(asked) < 6 and int(asked)):
        return refuse("page is a number from 1 to 99999.", 400)
    found, more = await newest_scans(number, int(asked))
    if not found:
        return refuse("Nothing is known of this parcel.", 404)
    here = reverse("parcel", args=[number])
    return JsonResponse(
        {
            "number": number,
            "label": shipcodes.spaced(number),
            "scans": [{"state": s.state, "place": s.place, "at": s.at} for s in found],
            "next": f"{here}?page={int(asked) + 1}" if more else None,
        }
    )


@csrf_exempt  # Scanners send a key, not a cookie.
@require_POST
async def scans(request, number):
    key = request.headers.get("Authorization", "").removeprefix("Bearer ")
    # Reject all writes if no key is set.
    if not (
        settings.SCAN_KEY and compare_digest(key.encode(), settings.SCAN_KEY.encode())
    ):
        return refuse("Send the key: Authorization: Bearer …", 401)
    try:
        number = shipcodes.parse(number)
        sent = json.loads(request.body)
        scan = Scan(state=sent["state"], place=sent["place"])
        scan.clean_fields(exclude=["parcel"])
    except shipcodes.InvalidCode as error:
        return refuse(str(error), 400)
    except ValidationError as error:
        return refuse(error.message_dict, 400)
    except ValueError, TypeError, KeyError:
        return refuse("Send JSON with state and place.", 400)
    scan.parcel, _ = await Parcel.objects.aget_or_create(number=number)
    await scan.asave()
    return JsonResponse({"number": number, "state": scan.state}, status=201)
