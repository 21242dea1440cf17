using System.Text.Json;

namespace Guantong.Trust;

/// <summary>Who a dangerous act is carried out for.</summary>
/// <param name="Asker">Who asked, with every role that counts for them now.</param>
/// <param name="Agreed">Login of who agreed; the asker's own where the machine's operator acts alone.</param>
public sealed record Carried(Person Asker, string Agreed);

/// <summary>A dangerous act that is ready to be carried out.</summary>
/// <param name="Do">Does it within the change in which the request is marked as done; gives what to answer.</param>
/// <param name="After">What follows once the change stands.</param>
public sealed record ReadyDeed(Func<Change, Task<object?>> Do, Func<Task>? After = null);

/// <summary>A dangerous act as something that can be kept and carried out later: exactly what was asked for, by whoever asked.</summary>
/// <param name="Act">The act of policy.yaml.</param>
/// <param name="Ready">Makes it ready from its payload. What takes long is done here; nothing is changed yet.</param>
/// <param name="FourEyes">The roles that may agree to a payload.</param>
public sealed record Deed(string Act, Func<IServiceProvider, string, Carried, CancellationToken, Task<ReadyDeed>> Ready, Func<string, IReadOnlyList<string>> FourEyes)
{
    private static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A deed with a payload of a type.</summary>
    /// <param name="fourEyes">The roles that may agree; those that policy.yaml says of the act unless given.</param>
    public static Deed Of<T>(string act, Func<IServiceProvider, T, Carried, CancellationToken, Task<ReadyDeed>> ready, Func<T, IReadOnlyList<string>>? fourEyes = null) => new(act,
        (services, payload, carried, cancel) => ready(services, Read<T>(payload), carried, cancel),
        payload => fourEyes is null ? Policy.Book.Find(act)!.FourEyes : fourEyes(Read<T>(payload)));

    internal static string Write<T>(T payload) => JsonSerializer.Serialize(payload, Written);

    private static T Read<T>(string payload) => JsonSerializer.Deserialize<T>(payload, Written)!;
}
