"""Why a change is not made, or not undone."""


class Refused(Exception):
    """Nothing was touched. The text is a part of a sentence for people, and says what to do where that is not plain."""
