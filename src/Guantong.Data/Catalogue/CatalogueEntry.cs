namespace Guantong.Data;

/// <summary>An entry of the catalogue (公共数据资源目录): what a dataset is, who answers for it, and how it is had. Datasets of packs, hand-made, imported and harvested entries are all this.</summary>
/// <remarks>The core metadata of GB/T 21063.3-2007 as 政务信息资源目录编制指南（试行）(2017) lists them; DCAT-AP 3 reads off the same (see <c>Dcat</c>).</remarks>
public sealed record CatalogueEntry
{
    /// <summary>Stable id: <c>pack:dataset</c>, or one that was given at its making.</summary>
    public string Id { get; init; } = "";

    /// <summary>信息资源代码: given once by the catalogue (<see cref="EntryCode"/>).</summary>
    public string Code { get; init; } = "";

    /// <summary>信息资源名称.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its English name, or empty.</summary>
    public string NameEn { get; init; } = "";

    /// <summary>信息资源摘要.</summary>
    public string About { get; init; } = "";

    /// <summary>The same in English, or empty.</summary>
    public string AboutEn { get; init; } = "";

    /// <summary>信息资源提供方: the unit that answers for it.</summary>
    public string Provider { get; init; } = "";

    /// <summary>信息资源提供方代码: the id of a unit of this jurisdiction, or a code of elsewhere.</summary>
    public string ProviderCode { get; init; } = "";

    /// <summary>The unit that keeps the rows, where that is another.</summary>
    public string Custodian { get; init; } = "";

    /// <summary>信息资源分类: base, theme or department.</summary>
    public string Class { get; init; } = "department";

    /// <summary>主题: one of <see cref="Packs.Reading.Grammar.Categories"/>, or empty.</summary>
    public string Category { get; init; } = "";

    /// <summary>Words that it is also looked for by.</summary>
    public IReadOnlyList<string> Keywords { get; init; } = [];

    /// <summary>信息资源格式: csv, json, xlsx, api …</summary>
    public IReadOnlyList<string> Formats { get; init; } = [];

    /// <summary>共享类型: unconditional, conditional or none.</summary>
    public string Share { get; init; } = "";

    /// <summary>共享条件.</summary>
    public string ShareCondition { get; init; } = "";

    /// <summary>不予共享依据: there wherever <see cref="Share"/> is none.</summary>
    public string Basis { get; init; } = "";

    /// <summary>开放类型: unconditional, conditional or none.</summary>
    public string Open { get; init; } = "";

    /// <summary>开放条件.</summary>
    public string OpenCondition { get; init; } = "";

    /// <summary>What is open instead of the rows: <c>anonymous</c> (rows made anonymous) or <c>counts</c> (counts with noise); empty where the rows themselves are meant.</summary>
    public string Opening { get; init; } = "";

    /// <summary>1 public … 4 most sensitive; null where nobody graded it.</summary>
    public int? Grade { get; init; }

    /// <summary>更新周期: one of <see cref="Cycles"/>.</summary>
    public string Cycle { get; init; } = "irregular";

    /// <summary>发布日期, ISO 8601.</summary>
    public string Published { get; init; } = "";

    /// <summary>The licence of open rows, an SPDX id or an address.</summary>
    public string Licence { get; init; } = "";

    /// <summary>The region that it is of (GB/T 2260).</summary>
    public string Region { get; init; } = "";

    /// <summary>Where one reads more, or empty.</summary>
    public string Page { get; init; } = "";

    /// <summary>Where its files are had.</summary>
    public IReadOnlyList<string> Downloads { get; init; } = [];

    /// <summary>Labels that a steward confirmed.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>信息项.</summary>
    public IReadOnlyList<EntryItem> Items { get; init; } = [];

    /// <summary>更新周期, from the shortest to none.</summary>
    public static readonly IReadOnlyList<string> Cycles = ["continuous", "hourly", "daily", "weekly", "monthly", "quarterly", "half-yearly", "yearly", "irregular"];

    /// <summary>Kinds of <see cref="Opening"/>.</summary>
    public static readonly IReadOnlyList<string> Openings = ["anonymous", "counts"];

    /// <summary>Whether anyone may have what is open of it: opened without condition, and either not graded above public or published by steps that take out whom it is about.</summary>
    public bool IsOpen => this is { Open: "unconditional", Grade: null or 1 } or { Open: "unconditional", Opening.Length: > 0 };

    /// <summary>Whether anyone may see the entry: what is open, and what is published by steps to those who are granted it.</summary>
    public bool IsPublic => IsOpen || this is { Open: "conditional", Opening.Length: > 0 };

    /// <summary>Its name in a reader's language.</summary>
    public string Say(string lang) => lang != Trust.Lang.Zh && NameEn.Length > 0 ? NameEn : Name;

    /// <summary>What it is, in a reader's language.</summary>
    public string SayAbout(string lang) => lang != Trust.Lang.Zh && AboutEn.Length > 0 ? AboutEn : About;
}

/// <summary>A data item of an entry (信息项).</summary>
/// <param name="Id">Its name in data: a column's.</param>
/// <param name="Type">string, integer, number, boolean, date or timestamp.</param>
/// <param name="Codes">The code list that its values are of, in words; or empty.</param>
/// <param name="Element">The data element that it is, with its standard; or empty.</param>
public sealed record EntryItem(string Id, string Name, string NameEn, string Type, string Unit = "", string Codes = "", string Element = "", bool IsKey = false, bool IsPersonal = false);

/// <summary>An entry as the catalogue keeps it.</summary>
/// <param name="Origin">pack, hand, import or harvest.</param>
/// <param name="Source">The pack, import or harvest source that it follows; empty for a hand-made one.</param>
/// <param name="State">current; withdrawn: taken out by whoever answers for it; vanished: its source has it no longer.</param>
public sealed record KeptEntry(CatalogueEntry Entry, string Origin, string Source, int Version, string State, string Changed, long Seq);

/// <summary>One version of an entry, with what changed.</summary>
/// <param name="Unit">The unit for which it was changed.</param>
/// <param name="Seq">The number of the change among all of the catalogue.</param>
public sealed record EntryVersion(string Id, int Version, string At, string By, string? Unit, string State, IReadOnlyList<EntryChange> Changes, CatalogueEntry Entry, long Seq);

/// <summary>A field that changed. Paths are those of <see cref="EntryFields"/>; items by <c>items.ID.field</c>.</summary>
public sealed record EntryChange(string Path, string Was, string Becomes);
