"""What stands in front of a name and is no part of it, in Latin, Lao and Thai."""

from __future__ import annotations

__all__ = ["MOST_TITLES", "TITLES"]

TITLES = (
    r"^(?:(?:mr|mrs|ms|miss|mme|mlle|dr|prof|khun|thao|nang)\b\.?|m/s\b|ທ້າວ|ທ່ານ|ນາງສາວ|ນາງ|ດຣ\.?|"
    r"นางสาว|นาง|นาย|น\.ส\.|ด\.ช\.|ด\.ญ\.|ดร\.)\s*"
)
"""One title, as a regular expression on a text in small letters."""
MOST_TITLES = 2
"""How many in a row are taken off, as in Mr Dr."""
