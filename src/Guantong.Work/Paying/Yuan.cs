using System.Globalization;
using System.Text;

namespace Guantong.Work;

/// <summary>Amounts of money as they are written. Pure.</summary>
public static class Yuan
{
    /// <summary>The most that is asked at once, in fen: ten thousand million yuan less a fen.</summary>
    public const long Most = 999_999_999_999;

    private const string Digits = "零壹贰叁肆伍陆柒捌玖";
    private static readonly string[] Places = ["", "拾", "佰", "仟"], Groups = ["", "万", "亿"];

    /// <summary>In yuan with two decimals and thousands apart: 40,000.00.</summary>
    public static string Say(long fen) => (fen / 100m).ToString("#,##0.00", CultureInfo.InvariantCulture);

    /// <summary>Yuan as fen; null where it is less than nothing, more than <see cref="Most"/>, or no whole number of fen.</summary>
    public static long? Fen(decimal yuan) => yuan < 0 || yuan > Most / 100m || yuan * 100 != decimal.Truncate(yuan * 100) ? null : (long)(yuan * 100);

    /// <summary>In capital figures, as receipts write it: 肆万元整.</summary>
    /// <remarks>支付结算办法（银发〔1997〕393号）附一, 正确填写票据和结算凭证的基本规定.</remarks>
    public static string InCapitals(long fen)
    {
        var (yuan, jiao, rest) = (fen / 100, fen / 10 % 10, fen % 10);
        var text = new StringBuilder(yuan > 0 ? Whole(yuan) + "元" : "");
        if (jiao == 0 && rest == 0)
            return (yuan > 0 ? text.ToString() : "零元") + "整";
        if (jiao > 0)
            text.Append(Digits[(int)jiao]).Append('角');
        else if (yuan > 0)
            text.Append('零');
        return rest > 0 ? text.Append(Digits[(int)rest]).Append('分').ToString() : text.Append('整').ToString();
    }

    private static string Whole(long number)
    {
        var text = new StringBuilder();
        var isGap = false;
        for (var group = 2; group >= 0; group--)
        {
            var four = (int)(number / (long)Math.Pow(10_000, group) % 10_000);
            if (four == 0)
            {
                isGap = text.Length > 0;
                continue;
            }
            for (var place = 3; place >= 0; place--)
            {
                var digit = four / (int)Math.Pow(10, place) % 10;
                if (digit == 0)
                {
                    isGap = text.Length > 0;
                    continue;
                }
                if (isGap)
                    text.Append('零');
                isGap = false;
                text.Append(Digits[digit]).Append(Places[place]);
            }
            text.Append(Groups[group]);
            // Zeros at the end of a group are said before the next figure alone.
            isGap = four % 10 == 0;
        }
        return text.ToString();
    }
}
