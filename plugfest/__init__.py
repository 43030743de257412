"""plugfest: does this chip, through this switch, interoperate with that chip – and if not, who is wrong?"""

from importlib.metadata import version

__version__ = version("plugfest")
