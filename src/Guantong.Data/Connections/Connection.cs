using System.Net;
using System.Text.RegularExpressions;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>Where rows are fetched from, and as whom. A pack names it; the address and the secret are the jurisdiction's own and stand in no pack.</summary>
/// <param name="Id">What a feed's <c>at</c> names.</param>
/// <param name="Kind">folder, sftp, http, postgres or mysql.</param>
/// <param name="Address">folder: a name below the platform's drops; else a URL: sftp://host/folder, https://host/path, postgres://host/database, mysql://host/database.</param>
/// <param name="Login">User, or OAuth client id.</param>
/// <param name="Auth">http: none, basic, bearer or oauth2 (client credentials, RFC 6749 §4.4); sftp: password or key. Null for none or password.</param>
/// <param name="TokenAddress">oauth2: where tokens are had.</param>
/// <param name="Fingerprint">sftp: SHA-256 of the host's key as ssh-keygen -l prints it; nothing is sent to another host.</param>
public sealed partial record Connection(string Id, string Kind, string Address, string? Login = null, string? Auth = null, string? TokenAddress = null, string? Fingerprint = null)
{
    private static readonly Dictionary<string, string[]> Schemes = new()
    {
        ["sftp"] = ["sftp"],
        ["http"] = ["https", "http"],
        ["postgres"] = ["postgres", "postgresql"],
        ["mysql"] = ["mysql"],
    };

    /// <summary>The address, where it is a URL.</summary>
    public Uri Uri => new(Address);

    /// <summary>Whether whoever listens on the way cannot read it: TLS, SSH, or this very machine.</summary>
    private static bool IsPrivate(Uri uri) => uri.Scheme is "https" or "sftp" || uri.IsLoopback;

    /// <summary>Field → code of what is wrong with it; empty when it can be used.</summary>
    public IReadOnlyDictionary<string, string> Faults()
    {
        var faults = new Dictionary<string, string>();
        if (!Named().IsMatch(Id))
            faults["id"] = "connection-id";
        if (Kind != "folder" && !Schemes.ContainsKey(Kind))
        {
            faults["kind"] = "connection-kind";
            return faults;
        }
        if (Kind == "folder" ? !Folder().IsMatch(Address) : !IsAddress(Address, Schemes[Kind]))
            faults["address"] = "connection-address-" + Kind;
        if (Kind == "sftp" && string.IsNullOrEmpty(Fingerprint))
            faults["fingerprint"] = "connection-fingerprint";
        if (Kind == "sftp" ? Auth is not (null or "password" or "key") : Kind == "http" ? Auth is not (null or "none" or "basic" or "bearer" or "oauth2") : Auth is not null)
            faults["auth"] = "connection-auth";
        if (Auth == "oauth2" && !IsAddress(TokenAddress ?? "", Schemes["http"]))
            faults["tokenAddress"] = "connection-token-address";
        if (Kind == "http" && Auth is not (null or "none") && faults.Count == 0 && !(IsPrivate(Uri) && (TokenAddress is null || IsPrivate(new Uri(TokenAddress)))))
            faults["address"] = "connection-plain";
        return faults;
    }

    private static bool IsAddress(string text, string[] schemes) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && schemes.Contains(uri.Scheme) && uri.Host.Length > 0 && uri.UserInfo.Length == 0 && !IsForbidden(uri);

    // Where clouds hand out their machines' secrets to whoever asks from the machine itself.
    private static bool IsForbidden(Uri uri) => IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address)
        && ((address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes() is [169, 254, ..] || address.IsIPv6LinkLocal);

    [GeneratedRegex(@"^[a-z][a-z0-9]*(-[a-z0-9]+)*\z")]
    private static partial Regex Named();

    // No dot, so that no name leads out of the drops.
    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,60}(/[A-Za-z0-9_-]{1,60}){0,5}\z")]
    private static partial Regex Folder();
}

/// <summary>A connection with its secret in clear, for the moment of its use.</summary>
internal sealed record OpenConnection(Connection Connection, string? Secret);
