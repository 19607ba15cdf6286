"""The search as a reader uses it: typed into the field, answered by the index that was built."""

import json
import subprocess
import gzip

import pytest

from guide import node
from search_queries import QUERIES
