"""Words of science that hibari's own dictionary gets wrong, in its phoneme alphabet (misaki's)."""

from __future__ import annotations

#: Said letter by letter; hibari would read them as words.
SPELLED = frozenset({
    "ART", "COPD", "FACS", "IgA", "IgD", "IgE", "IgG", "IgM", "LOD", "OR", "PLOS", "PLoS", "ROC", "SEM",
    "SOD", "WHO", "dsRNA", "scRNA", "sgRNA", "shRNA", "snRNA", "ssRNA",
})  # fmt: skip

PRONUNCIATIONS = {
    "ChIP": "ʧˈɪp",
    "GABA": "ɡˈæbə",
    "GWAS": "ʤˈiwɑs",
    "Wnt": "wˈɪnt",
    "WNT": "wˈɪnt",
    "KRAS": "kˈAɹæs",
    "NRAS": "ˈɛnɹæs",
    "HRAS": "ˈAʧɹæs",
    "JAK": "ʤˈæk",
    "MYC": "mˈɪk",
    "mTOR": "ˈɛmtˌɔɹ",
    "MALDI": "mˈɔldi",
    "JAMA": "ʤˈɑmə",
    "KEGG": "kˈɛɡ",
    "medRxiv": "mˈɛdˌɑɹkIv",
    "bioRxiv": "bˈIOˌɑɹkIv",
    "Nguyen": "wˈɪn",
    "arXiv": "ˈɑɹkIv",
    "circRNA": "sˈɜɹkˌɑɹˌɛnˈA",
    "lncRNA": "lˈɪŋkˌɑɹˌɛnˈA",
    "iPSC": "ˈIpˌiˌɛsˈsi",
}
