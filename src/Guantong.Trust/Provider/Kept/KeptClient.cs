using System.Text.Json.Serialization;

namespace Guantong.Trust.Provider;

/// <summary>A client as the store keeps it: one JSON body, since few are read and each is read whole.</summary>
internal sealed class KeptClient
{
    public string Id { get; set; } = "";
    public string? Secret { get; set; }
    public string? ApplicationType { get; set; }
    public string? Type { get; set; }
    public string? Consent { get; set; }
    public string? Name { get; set; }
    public Dictionary<string, string> Names { get; set; } = [];
    public string? Keys { get; set; }
    public string[] Permissions { get; set; } = [];
    public string[] Requirements { get; set; } = [];
    public string[] Redirects { get; set; } = [];
    public string[] AfterSignOut { get; set; } = [];
    public Dictionary<string, string> Settings { get; set; } = [];

    /// <summary>Counts its changes: of two writers who read the same one, the second is refused.</summary>
    [JsonIgnore] public long Version { get; set; }
    [JsonIgnore] public string Created { get; set; } = "";
}

/// <summary>What a person allowed a client, once or until they take it back.</summary>
internal sealed class KeptConsent
{
    public string Id { get; set; } = "";
    public string Client { get; set; } = "";
    public string Subject { get; set; } = "";
    public string? Type { get; set; }
    public string? Status { get; set; }
    public string Scopes { get; set; } = "[]";
    public string? Created { get; set; }
    public string? Properties { get; set; }
    public long Version { get; set; }
}

/// <summary>A token or code that was given out; of those that are shown by reference, the encrypted payload too.</summary>
internal sealed class KeptToken
{
    public string Id { get; set; } = "";
    public string? Client { get; set; }
    public string? Consent { get; set; }
    public string? Subject { get; set; }
    public string? Type { get; set; }
    public string? Status { get; set; }
    public string? Reference { get; set; }
    public string? Payload { get; set; }
    public string? Created { get; set; }
    public string? Expires { get; set; }
    public string? Redeemed { get; set; }
    public string? Properties { get; set; }
    public long Version { get; set; }
}
