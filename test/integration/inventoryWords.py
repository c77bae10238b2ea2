"""What Python and Ansible make of texts of INI inventories: reads lists of texts as JSON, and prints what becomes of each."""
import ast
import json
import math
import shlex
import sys
import warnings

from ansible.parsing.utils.addresses import parse_address
from ansible.plugins.inventory import detect_range, expand_hostname_range

warnings.simplefilter('ignore')


def literal(text):
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        value = text
    value = '...' if value is ... else value
    isPlain = value is None or isinstance(value, (str, bool, int, float)) and not (isinstance(value, float) and math.isinf(value))
    return [value] if isPlain else None


def pattern(text):
    try:
        host, port = parse_address(text, allow_ranges=True)
    except Exception:
        host, port = text, None
    return [expand_hostname_range(host) if detect_range(host) else [host], port]


def attempt(function, text):
    try:
        return function(text)
    except Exception:
        return None


functions = {'literal': literal, 'words': lambda text: shlex.split(text, comments=True), 'pattern': pattern}
texts = json.load(sys.stdin)
json.dump({name: [attempt(functions[name], text) for text in texts[name]] for name in functions}, sys.stdout)
