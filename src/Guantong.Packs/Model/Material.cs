namespace Guantong.Packs;

/// <summary>What an applicant has to bring (申请材料).</summary>
/// <param name="Id">Its id within the matter.</param>
/// <param name="Name">What people call it.</param>
/// <param name="About">What counts, or null.</param>
/// <param name="Required">Whether it has to be there, where it is asked for.</param>
/// <param name="When">FEEL over the form's fields: only where it is true is it asked for; null for always.</param>
/// <param name="Form">original, copy or electronic.</param>
/// <param name="From">The dataset that stands in for it, so that nobody brings it (免提交).</param>
/// <param name="Omit">Until when it may come after the application (容缺受理), as limits are written; null where it may not.</param>
/// <param name="Promise">What may be promised instead (告知承诺); null where it may not.</param>
/// <param name="Kinds">The kinds of file that are taken; empty for the usual ones.</param>
public sealed record Material(string Id, string Name, string? About, bool Required, Ref? When, string Form, Ref? From, string? Omit, string? Promise, IReadOnlyList<string> Kinds, Mark Mark)
{
    /// <summary>The field under which its files stand.</summary>
    public string Field => Prefix + Id;

    /// <summary>What fields of materials begin with; no form's field does.</summary>
    public const string Prefix = "material:";

    /// <summary>The most files of one material.</summary>
    public const int MostFiles = 10;
}
