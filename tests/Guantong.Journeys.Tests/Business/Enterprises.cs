using System.Net.Http.Json;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>What the tests of organisations share: a made-up enterprise in Xiaoshan, with its licences and what units know of it.</summary>
internal static class Enterprises
{
    public const string Pack = "economy.policies", Name = "示例萧山面馆有限公司", Xiaoshan = "330109";

    private const string First = "91330109YY7000001";

    /// <summary>Its unified social credit code, of the range that nobody gives out.</summary>
    public static readonly string Code = First + CreditCode.Check(First);

    public static readonly string Subject = "organisation:" + Code;

    /// <summary>A platform with the libraries, the policies, the enterprise and its representative, enterprise-a.</summary>
    public static async Task<RunningPlatform> StartAsync(string store, StandingClock clock)
    {
        var platform = await RunningPlatform.StartAsync(store, clock: clock);
        foreach (var pack in (string[])["base.legal-entities", "base.licences", "base.credit", "economy.per-mu", Pack])
            await platform.ApplyAsync(pack);
        await platform.LoadLinesAsync("base.legal-entities", "raw-enterprise", "uscc,ent_name,region,address,industry,capital,opened,closed,state,changed", $"{Code},{Name},{Xiaoshan},浙江省杭州市萧山区示例一路1号,H,50,2025-03-01,,存续,2026-10-01");
        // One ends in twenty days, one in years, and one is gone.
        await platform.LoadLinesAsync("base.licences", "raw-food", "许可证编号,持证主体代码,主体业态,地区,发证日期,有效期至,状态,电子证照,更新日期",
            $"JY23301097000001,{Code},餐饮服务,{Xiaoshan},2021-11-23,2026-11-22,有效,是,2026-10-01", $"JY23301097000002,{Code},食品销售,{Xiaoshan},2020-01-01,2025-01-01,注销,否,2025-01-01");
        await platform.LoadLinesAsync("base.licences", "raw-hygiene", "no,uscc,region,issued,expires,valid,electronic,updated", $"示例卫公证〔2025〕第700001号,{Code},{Xiaoshan},2025-05-01,2029-04-30,1,Y,2025-05-01");
        await platform.LoadLinesAsync("base.credit", "publicity-term", "field,name,least,most,basis", "food-drug,食品药品,12,36,示例办法");
        await platform.LoadLinesAsync("base.credit", "raw-penalty", "决定书文号,相对人代码,地区,处罚机关,领域,处罚类别,罚款金额,决定日期,公示日期,修复日期", $"示例罚〔2026〕70001,{Code},{Xiaoshan},示例市场监管部门,食品药品,罚款,1,2026-06-01,2026-06-05,");
        await platform.LoadLinesAsync(Pack, "tax-file", "code,taxpayer,quarter_sales", $"{Code},小规模纳税人,38");
        await platform.LoadLinesAsync(Pack, "insurance-file", "code,staff_before,staff_now,paid_months,months", $"{Code},6,5,18,19");
        using var keeper = await platform.SignInAsync("duty");
        Assert.Equal("201", await keeper.PostAsJsonAsync("/api/v1/organisations", new { code = Code, name = Name, kind = "enterprise", region = Xiaoshan, representative = "enterprise-a" }).ToldAsync());
        await platform.Services.GetRequiredService<Accounts>().SeedAsync(
        [
            .. from place in ((string Login, string Region)[])[("county", Xiaoshan), ("city", "330100")]
               select new Person(place.Login, $"演示·经信{place.Login}", $"Demo economy {place.Login}", "official", $"zj-economy-it-{place.Region}", place.Region, ["case-worker"]),
        ]);
        return platform;
    }
}
