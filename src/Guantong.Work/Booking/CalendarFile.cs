using System.Globalization;
using System.Text;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>An appointment as a file that calendars take.</summary>
/// <remarks>RFC 5545: lines end with CR LF and are folded at 75 octets (§3.1), texts escape \ ; , and line ends (§3.3.11).</remarks>
public static class CalendarFile
{
    private const int Octets = 75;

    /// <summary>Writes one.</summary>
    /// <param name="what">What it is called in the calendar.</param>
    /// <param name="about">What stands below: the number, what to bring.</param>
    /// <param name="address">The page of the appointment.</param>
    public static string Write(Booking booking, Place place, string lang, string what, string about, string address)
    {
        string[] lines =
        [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Guantong//Appointments//" + lang.ToUpperInvariant(), "METHOD:PUBLISH", "BEGIN:VEVENT", $"UID:{booking.Id}@guantong", "DTSTAMP:" + Stamp(booking.Made), "DTSTART:" + Stamp(booking.Starts), "DTEND:" + Stamp(booking.Ends),
            "SUMMARY:" + Text(what), "LOCATION:" + Text($"{place.Say(lang)}, {place.SayAddress(lang)}"), string.Create(CultureInfo.InvariantCulture, $"GEO:{place.North};{place.East}"), "DESCRIPTION:" + Text(about), "URL:" + address,
            booking.State == "cancelled" ? "STATUS:CANCELLED" : "STATUS:CONFIRMED", "END:VEVENT", "END:VCALENDAR",
        ];
        return string.Concat(lines.Select(l => Fold(l) + "\r\n"));
    }

    private static string Stamp(string stored) => Time.Read(stored).UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private static string Text(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(";", "\\;", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal).ReplaceLineEndings("\\n");

    // A character of several octets stays whole; what goes on begins with a blank.
    private static string Fold(string line)
    {
        var (folded, octets) = (new StringBuilder(), 0);
        foreach (var rune in line.EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > Octets)
            {
                folded.Append("\r\n ");
                octets = 1;
            }
            folded.Append(rune);
            octets += rune.Utf8SequenceLength;
        }
        return folded.ToString();
    }
}
