using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Guantong.Data;
using Guantong.Packs;

namespace Guantong.Tests;

/// <summary>A form says the same in the warehouse as in memory.</summary>
public sealed class FormSqlTests : IDisposable
{
    private static readonly string[] Seeds =
    [
        "11010519491231002X", "91350100M000100Y43", "13800000000", "0571-87654321-802", "400-000-0000", "浙江省杭州市西湖区示例路1号2幢301室", "li.ming+gov@example.gov.cn", "330106001",
    ];

    private readonly Warehouse _warehouse = TestWarehouse.Open();

    [Property(MaxTest = 300)]
    public Property Every_form_judges_a_text_alike_in_both() => Prop.ForAll(Texts().ToArbitrary(), text =>
    {
        // Halves of a pair of characters are no text, and come in nowhere.
        text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        using var connection = _warehouse.Read();
        var columns = string.Join(", ", ValueForm.All.Select(f => FormSql.Broken(f, "t")));
        var broken = connection.Rows($"SELECT {columns} FROM (SELECT CAST(? AS VARCHAR) AS t) AS q", r => ValueForm.All.Select((_, i) => r.GetBoolean(i)).ToList(), text)[0];
        return ValueForm.All.Select(f => !f.Fits(text)).SequenceEqual(broken);
    });

    // Sound ones with a few characters put in, taken out or changed.
    private static Gen<string> Texts() => Gen.Elements(Seeds).SelectMany(seed => Gen.Choose(0, 2).SelectMany(edits => Enumerable.Range(0, edits).Aggregate(Gen.Constant(seed), (gen, _) => gen.SelectMany(Edited))));

    private static Gen<string> Edited(string text) => Gen.Choose(0, text.Length).SelectMany(at => Gen.Choose(0, 2).SelectMany(how => Gen.Elements("0193XxAZI-+.@ 号省路😀\n".ToCharArray()).Select(c => how switch
    {
        0 => text.Insert(at, c.ToString()),
        1 when at < text.Length => text.Remove(at, 1),
        _ when at < text.Length => text[..at] + c + text[(at + 1)..],
        _ => text,
    })));

    public void Dispose() => _warehouse.Dispose();
}
