"""Tables: what signs, Greek letters, abbreviations and formulas are called."""

from __future__ import annotations

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "ϑ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "µ": "mu",
    "ν": "nu", "ξ": "xi", "ο": "omicron", "π": "pi", "ρ": "rho", "σ": "sigma", "ς": "sigma", "τ": "tau",
    "υ": "upsilon", "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "gamma",
    "Δ": "delta", "∆": "delta", "Θ": "theta", "Λ": "lambda", "Ξ": "xi", "Π": "pi", "Σ": "sigma", "Φ": "phi",
    "Ψ": "psi", "Ω": "omega",
}  # fmt: skip

SIGNS = {
    "<": "less than", ">": "greater than", "≤": "at most", "≥": "at least", "⩽": "at most", "⩾": "at least",
    "≦": "at most", "≧": "at least", "<=": "at most", ">=": "at least", "=": "equals", "≠": "is not",
    "≈": "about", "~": "about", "∼": "about", "≃": "about", "≅": "about", "±": "plus or minus",
    "+/-": "plus or minus", "+/−": "plus or minus", "×": "times", "⋅": "times", "÷": "divided by",
    "+": "plus", "−": "minus", "%": "percent", "‰": "per mille", "&": "and", "@": "at", "#": "number",
    "°": "degrees", "→": "to", "⟶": "to", "∞": "infinity", "√": "the square root of",
    "∝": "is proportional to", "§": "section", "½": "one half", "¼": "one quarter", "¾": "three quarters",
    "⅓": "one third", "⅔": "two thirds", "℃": "degrees Celsius", "″": "", "′": "prime", "♀": "female",
    "♂": "male", "≪": "much less than", "≫": "much greater than", "∼=": "about", "<<": "much less than",
    ">>": "much greater than", "->": "to",
}  # fmt: skip

CURRENCIES = {
    "$": "dollars", "€": "euros", "£": "pounds", "¥": "yen",
}  # fmt: skip

#: Abbreviations whose full stop ends no sentence, by their printed form without a final comma.
ABBREVIATIONS = {
    "e.g.": "for example", "eg.": "for example", "i.e.": "that is", "ie.": "that is", "al.": "al",
    "vs.": "versus", "Fig.": "Figure", "fig.": "figure", "Figs.": "Figures", "figs.": "figures",
    "Eq.": "Equation", "Eqs.": "Equations", "Ref.": "Reference", "Refs.": "References", "Tab.": "Table",
    "Suppl.": "Supplementary", "ca.": "about", "c.": "about", "cf.": "compare", "approx.": "approximately",
    "Dr.": "Doctor", "Drs.": "Doctors", "Prof.": "Professor", "Mr.": "Mister", "Mrs.": "Missus",
    "Ms.": "Miz", "St.": "Saint", "sp.": "species", "spp.": "species", "ssp.": "subspecies",
    "subsp.": "subspecies", "var.": "variety", "viz.": "namely", "resp.": "respectively",
    "incl.": "including", "Ph.D.": "P H D", "w/": "with", "w/o": "without", "Jan.": "January",
    "Feb.": "February", "Aug.": "August", "Sept.": "September", "Oct.": "October", "Nov.": "November",
    "Dec.": "December", "No.": "number", "no.": "number", "Nos.": "numbers", "Vol.": "Volume",
    "pp.": "pages", "Chr.": "chromosome", "chr.": "chromosome", "etc.": "et cetera", "Inc.": "Incorporated",
    "Ltd.": "Limited", "Co.": "Company", "Corp.": "Corporation", "conc.": "concentration",
    "temp.": "temperature", "a.m.": "A M", "p.m.": "P M",
}  # fmt: skip

#: These mean what the table says only before a number; elsewhere they are the ends of sentences.
BEFORE_NUMBERS = frozenset({"No.", "no.", "Nos.", "c.", "Chr.", "chr."})

#: Formulas and names that no rule reads right.
FORMULAS = {
    "CO2": "C O two", "CO": "C O", "O2": "oh two", "N2O": "N two O", "NO2": "N O two", "NOx": "nox",
    "SO2": "S O two", "H2O": "H two O", "H2O2": "H two O two", "NH3": "ammonia", "NH4+": "ammonium",
    "CH4": "methane", "NaCl": "sodium chloride", "KCl": "potassium chloride", "MgCl2": "magnesium chloride",
    "CaCl2": "calcium chloride", "NaOH": "sodium hydroxide", "HCl": "H C L", "Na+": "sodium",
    "K+": "potassium", "Ca2+": "calcium", "Mg2+": "magnesium", "Zn2+": "zinc", "Fe2+": "iron two",
    "Fe3+": "iron three", "Cl−": "chloride", "Cl-": "chloride", "R2": "R squared", "r2": "R squared",
    "χ2": "chi squared", "χ2-test": "chi squared test", "PI3K": "P I three K", "NF-κB": "N F kappa B",
    "mTORC1": "em-tor C one", "mTORC2": "em-tor C two", "HbA1c": "H B A one C",
    "COVID-19": "COVID nineteen", "pO2": "P O two", "pCO2": "P C O two", "SpO2": "S P O two",
    "VO2": "V O two", "VO2max": "V O two max", "PM2.5": "P M two point five", "PM10": "P M ten",
    "1H": "proton", "13C": "carbon thirteen", "14C": "carbon fourteen", "15N": "nitrogen fifteen",
    "18F": "fluorine eighteen",
}  # fmt: skip

#: After one of these a Roman numeral is a number ("phase III", "complex I").
BEFORE_ROMAN = frozenset({
    "type", "types", "phase", "phases", "stage", "stages", "grade", "grades", "class", "classes", "level",
    "levels", "part", "parts", "chapter", "section", "factor", "group", "groups", "complex", "collagen",
    "angiotensin", "table", "tables", "figure", "figures", "appendix", "category", "categories", "tier",
    "arm", "study", "experiment", "cohort", "war", "volume", "book", "article", "step", "domain", "domains",
    "division", "zone", "lobule", "layer", "schedule",
})  # fmt: skip

#: After one of these, "3A" and "2d" name a picture, not a quantity.
BEFORE_LABELS = frozenset({
    "figure", "figures", "fig", "fig.", "figs", "figs.", "table", "tables", "tab.", "panel", "panels",
    "supplementary", "scheme", "movie", "video", "file", "appendix", "box", "eq.", "equation", "ref.",
    "reference", "references",
})  # fmt: skip

#: After one of these, a number between 1500 and 2099 is a year.
BEFORE_YEARS = frozenset({
    "in", "since", "from", "until", "till", "before", "after", "during", "by", "between", "of", "and", "to",
    "through", "early", "late", "mid", "circa", "year", "years", "january", "february", "march", "april",
    "may", "june", "july", "august", "september", "october", "november", "december", "spring", "summer",
    "autumn", "fall", "winter",
})  # fmt: skip

#: Words that open sentences: a full stop after a single letter ends one only before these ("vitamin C. The").
SENTENCE_OPENERS = frozenset({
    "The", "This", "These", "Those", "That", "There", "They", "We", "Our", "It", "Its", "In", "On", "At",
    "For", "From", "With", "By", "To", "As", "An", "A", "And", "But", "Or", "So", "If", "When", "While",
    "After", "Before", "During", "Among", "Between", "However", "Here", "Then", "Thus", "Yet", "Although",
    "Because", "Not", "No", "Now", "One", "Two", "Moreover", "Furthermore", "Overall", "Patients", "People",
    "Researchers", "Scientists",
})  # fmt: skip
