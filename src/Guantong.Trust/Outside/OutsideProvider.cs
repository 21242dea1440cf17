using Guantong.Packs.Reading;

namespace Guantong.Trust.Outside;

/// <summary>Another OpenID Connect provider at which people may prove who they are.</summary>
/// <param name="Id">What it is called in addresses here.</param>
/// <param name="Secret">Its secret for us, or null where PKCE does alone.</param>
public sealed record OutsideProvider(string Id, string Name, string NameEn, Uri Issuer, string Client, string? Secret = null)
{
    /// <summary>The scheme by which it is challenged.</summary>
    internal string Scheme => "outside:" + Id;

    /// <summary>Its name in a reader's language.</summary>
    public string Say(string lang) => lang != Lang.Zh && NameEn.Length > 0 ? NameEn : Name;

    /// <summary>Reads the file that GUANTONG_OUTSIDE names: a list of {id, name, name_en, issuer, client, secret_file}.</summary>
    /// <exception cref="ConfigurationException">It is missing, or an entry cannot be used.</exception>
    public static IReadOnlyList<OutsideProvider> Read(string? file)
    {
        if (string.IsNullOrEmpty(file))
            return [];
        if (!File.Exists(file))
            throw new ConfigurationException($"GUANTONG_OUTSIDE: there is no file {file}; name the list of outside providers, or unset it");
        var findings = new List<Packs.Finding>();
        var root = YamlText.Read(file, File.ReadAllText(file), findings);
        if (root is null || findings.Count > 0)
            throw new ConfigurationException($"{findings[0].Mark}: {findings[0].Message("en")}");
        return [.. root.Items.Select(n => One(file, n))];
    }

    private static OutsideProvider One(string file, Node node)
    {
        var id = node.Word("id");
        if (id.Length == 0 || !id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            throw new ConfigurationException($"{file}: id “{id}” cannot be used; write letters, digits and dashes");
        // Only the machine itself is spoken to in clear.
        if (!Uri.TryCreate(node.Word("issuer"), UriKind.Absolute, out var issuer) || !(issuer.Scheme == "https" || (issuer.Scheme == "http" && issuer.IsLoopback)))
            throw new ConfigurationException($"{file}: issuer of {id} is no https address; write the provider's issuer");
        if (node.Word("client").Length == 0)
            throw new ConfigurationException($"{file}: client of {id} is missing; write the client_id that it gave this platform");
        var secret = node["secret_file"]?.Text is { } name ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, name) : null;
        if (secret is not null && !File.Exists(secret))
            throw new ConfigurationException($"{file}: secret_file of {id} names {secret}, which is not there; write the secret into it");
        return new OutsideProvider(id, node.Word("name"), node.Word("name_en"), issuer, node.Word("client"), secret is null ? null : File.ReadAllText(secret).Trim());
    }
}
