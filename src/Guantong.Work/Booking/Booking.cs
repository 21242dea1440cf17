namespace Guantong.Work;

/// <summary>Somebody's coming to a place: booked ahead (预约), or by a number taken there (取号). Whose it is is never part of it.</summary>
/// <param name="Number">By which who booked is known at the place; null of who took a number.</param>
/// <param name="Place">Id of the place.</param>
/// <param name="Pack">Of what it is for; null of who took a number.</param>
/// <param name="Day">yyyy-MM-dd by the jurisdiction's clock.</param>
/// <param name="State">booked; arrived, and waiting; called; done; absent: it was not kept; cancelled.</param>
/// <param name="Ticket">The number of the day's queue, once they are there.</param>
/// <param name="Counter">The counter that called them.</param>
public sealed record Booking(string Id, string? Number, string Place, string? Pack, string? Matter, string Day, string Starts, string Ends, string State, long? Ticket, long? Counter, string Made, string? Arrived, string? Called, string? Ended)
{
    /// <summary>A number of the queue as it is called out: three digits.</summary>
    public static string Say(long ticket) => ticket.ToString("000", System.Globalization.CultureInfo.InvariantCulture);

    internal const string Columns = "id AS Id, number AS Number, place AS Place, pack AS Pack, matter AS Matter, day AS Day, starts AS Starts, ends AS Ends, state AS State, ticket AS Ticket, counter AS Counter, made AS Made, arrived AS Arrived, called AS Called, ended AS Ended";

    internal static string About(string id) => "booking:" + id;
}
