"""XML of unknown origin is read safely: nothing is fetched, nothing expands, and limits end what goes beyond them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amlscreen.errors import DataError
from amlscreen.settings import Settings
from intake.iso_messages import camt, camt_file, detail, entry, read_xml, rows, statement
from intake.reading import read_bytes

WHOLE = camt(statement(entry(), entry("5")))


@pytest.mark.parametrize(
    "declared",
    [
        "<!DOCTYPE Document>",
        '<!DOCTYPE Document [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>',
        '<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE Document SYSTEM "http://localhost:9/x.dtd">',
        '<!DOCTYPE Document [<!ENTITY % p SYSTEM "http://localhost:9/p"> %p;]>',
    ],
)
def test_a_document_type_is_refused(declared: str) -> None:
    """Billion laughs, external and parameter entities all need a DTD; the reading ends at its first word."""
    with pytest.raises(DataError, match=r"a\.xml:2: declares a document type"):
        read_xml(declared + WHOLE.replace("10.00", "&c;"))


def test_an_unknown_entity_is_refused() -> None:
    """Only the five that XML knows, and characters by number, are read."""
    with pytest.raises(DataError, match="no well-formed XML: undefined entity"):
        read_xml(WHOLE.replace("10.00", "&amount;"))
    assert [row["amount"] for row in rows(read_xml(WHOLE.replace("10.00", "1&#48;.00")))] == ["10.00", "5"]


def test_elements_cannot_be_nested_without_end() -> None:
    """A stack of a million elements ends the reading long before memory does."""
    with pytest.raises(DataError, match="nests elements deeper than 64"):
        read_xml(WHOLE.replace("<Sts>BOOK</Sts>", "<x>" * 1000 + "</x>" * 1000))


def test_elements_cannot_be_of_any_number_of_kinds() -> None:
    """What is kept for each place in the tree is bounded."""
    with pytest.raises(DataError, match="more than 20,000 different places"):
        read_xml(WHOLE.replace("<Sts>BOOK</Sts>", "".join(f"<x{no}/>" for no in range(20_001))))


@pytest.mark.parametrize(
    "large",
    [
        "<AddtlNtryInf>" + "a" * 3000 + "{0}</AddtlNtryInf>",
        "<NtryDtls><TxDtls><RmtInf>" + "<Ustrd>aaaaaaaaaa</Ustrd>" * 300 + "{0}</RmtInf></TxDtls></NtryDtls>",
    ],
)
def test_a_text_may_only_be_so_long(large: str) -> None:
    """One text, or many of one part, beyond the setting: the file is refused, and the setting named."""
    padded = WHOLE.replace("<Sts>BOOK</Sts>", large.format("<!--" + " " * 2**18 + "-->"), 1)
    with pytest.raises(DataError, match="holds texts of more than 2000 characters"):
        read_bytes(padded.encode(), "a.xml", settings=Settings(largest_field=2000))


def test_a_tag_may_only_be_so_long() -> None:
    """The parser holds a whole tag, so one without an end is refused."""
    with pytest.raises(DataError, match="a tag or a comment of more than 8 MB"):
        read_xml(WHOLE.replace("<Sts>", '<Sts a="' + "x" * (9 * 2**20)))


@pytest.mark.parametrize("share", [0.3, 0.6, 0.99])
def test_a_file_that_is_cut_short_is_refused(share: float) -> None:
    """What is missing cannot be known, so nothing is read."""
    with pytest.raises(DataError, match="is cut short"):
        read_xml(WHOLE[: int(len(WHOLE) * share)])


def test_what_follows_a_document_is_refused() -> None:
    """Two messages one after the other are no XML document."""
    with pytest.raises(DataError, match="goes on after the end"):
        read_xml(WHOLE + WHOLE)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt/></Document>',
            "pain.002.001.10",
        ),
        ("<Document><CstmrPmtStsRpt/></Document>", "CstmrPmtStsRpt"),
        (
            '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.029.001.03"><RsltnOfInvstgtn/></Document>',
            "camt.029.001.03",
        ),
        ('<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.03"/>', "no message of ISO 20022"),
    ],
)
def test_messages_without_payments_are_refused_by_name(text: str, said: str) -> None:
    """A status report has no bookings to read; the sentence says what the file holds and what is read."""
    with pytest.raises(DataError, match=said.replace(".", r"\.")):
        read_xml(text)


def test_other_xml_is_no_message() -> None:
    """The words of the standard decide, not the ending of the name."""
    with pytest.raises(DataError, match="is XML, not a table"):
        read_xml("<kml><Document><Placemark/></Document></kml>")


@pytest.mark.parametrize(
    "envelope",
    [
        "<message><AppHdr xmlns='urn:iso:std:iso:20022:tech:xsd:head.001.001.01'><Fr/></AppHdr>{0}</message>",
        "<Saa:DataPDU xmlns:Saa='urn:swift:xsd:saa.mxs.01'><Saa:Body>{0}</Saa:Body></Saa:DataPDU>",
        "<RequestPayload><![CDATA[{0}]]></RequestPayload>",
        "<RequestPayload> <![CDATA[<?xml version='1.0' encoding='ISO-8859-1'?>{0}]]> </RequestPayload>",
        "<BizMsgs><BizMsg>{0}</BizMsg><BizMsg><Document><RsltnOfInvstgtn/></Document></BizMsg></BizMsgs>",
    ],
)
def test_envelopes_are_opened(envelope: str) -> None:
    """A business header, SWIFT's envelopes, and XML inside a CDATA section."""
    read = read_xml(envelope.format(WHOLE))
    assert [row["message"] for row in rows(read)] == ["camt.053.001.08"] * 2


def test_escaped_messages_are_opened_and_other_texts_are_not() -> None:
    """An envelope may escape its message; what else it says, even in tags, is of no concern."""
    from xml.sax.saxutils import escape

    read = read_xml(f"<Envelope><Note>&lt;b&gt; to read</Note><Body>\n{escape(WHOLE)}</Body></Envelope>")
    assert [row["amount"] for row in rows(read)] == ["10.00", "5"]
    assert len(read_xml(f"<Envelope><Note>&lt;Documents&gt;</Note>{WHOLE}</Envelope>").rows) == 2


def test_xml_that_is_only_quoted_in_a_message_is_text() -> None:
    """A status report may quote the payment it is about; that is no payment."""
    quoted = "<StsRsnInf><AddtlInf><![CDATA[" + WHOLE + "]]></AddtlInf></StsRsnInf>"
    with pytest.raises(DataError, match="tells of no payments"):
        read_xml(f"<Document><FIToFIPmtStsRpt>{quoted}</FIToFIPmtStsRpt></Document>")
    assert len(camt_file(entry(more=f"<AddtlNtryInf><![CDATA[{WHOLE}]]></AddtlNtryInf>")).rows) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252", "gb18030", "cp874"])
def test_encodings_are_read_as_declared(encoding: str) -> None:
    """The parser knows few encodings; the others are decoded first."""
    text = {"gb18030": "工资", "cp874": "เงินเดือน"}.get(encoding, "Löhne")
    body = camt(statement(entry(more=f"<AddtlNtryInf>{text}</AddtlNtryInf>")))
    declared = encoding.removesuffix("-sig")
    read = read_bytes(f"<?xml version='1.0' encoding='{declared}'?>{body}".encode(encoding), "a.xml")
    assert [row["narrative"] for row in rows(read)] == [text]


def test_a_wrong_declaration_can_be_overruled() -> None:
    """Latin-1 that says it is UTF-8 is refused with the fix; what the layout states wins."""
    text = camt(statement(entry(more="<AddtlNtryInf>Löhne</AddtlNtryInf>")))
    content = f"<?xml version='1.0' encoding='UTF-8'?>{text}".encode("latin-1")
    with pytest.raises(DataError, match="state `encoding` in the layout"):
        read_bytes(content, "a.xml")
    assert [row["narrative"] for row in rows(read_bytes(content, "a.xml", encoding="latin-1"))] == ["Löhne"]
    with pytest.raises(DataError, match="declares the encoding klingon"):
        read_bytes(b"<?xml version='1.0' encoding='klingon'?>" + text.encode(), "a.xml")


def test_an_entry_is_found_on_the_line_where_it_begins() -> None:
    """Also inside a CDATA section of an envelope."""
    text = camt(statement("\n" + entry("x") + "\n\n" + entry("y")))
    assert [each.line for each in read_xml(text).raw.rejected] == [3, 5]
    assert [each.line for each in read_xml(f"<a>\n<![CDATA[{text}]]></a>").raw.rejected] == [4, 6]


def test_the_order_of_many_rows_is_kept() -> None:
    """Rows are written in batches, with rejected ones between them."""
    parts = [entry("x" if no % 50 == 7 else str(no)) for no in range(300)]
    read = camt_file(*parts)
    assert [(row[0], row[read.raw.columns.index("amount") + 1]) for row in read.rows] == [
        (no + 1, str(no)) for no in range(300) if no % 50 != 7
    ]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_damaged_messages_are_read_or_refused(data: st.DataObject) -> None:
    """Bytes cut out, put in or changed give rows, quarantined rows or a DataError, never anything else."""
    content = bytearray(camt(statement(entry(more=f"<NtryDtls>{detail('10')}</NtryDtls>"), entry("5"))).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        at, length = data.draw(st.integers(60, len(content))), data.draw(st.integers(0, 30))
        content[at : at + length] = data.draw(
            st.one_of(st.binary(max_size=6), st.sampled_from([b"<Ntry>", b"</", b"&", b"]]>"]))
        )
    try:
        read = read_bytes(bytes(content), "a.xml")
    except DataError:
        return
    assert read.raw.records == len(read.rows) + len(read.raw.rejected)
