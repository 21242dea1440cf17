using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Guantong.Hosting;

/// <summary>What the API's description says beyond its routes.</summary>
internal static class OpenApiText
{
    public static void Describe(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Guantong API",
                Version = "v1",
                Description = "Everything that Portal and Desk do. Sign in with POST /api/v1/session, or send a key as X-API-Key. Errors are problem+json in Chinese, or in English with Accept-Language: en.",
            };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                ["key"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-API-Key" },
            };
            return Task.CompletedTask;
        });
    }

    /// <summary>Keeps the keys that protect cookies in a folder, so that a restart signs nobody out.</summary>
    public static IServiceCollection AddDataProtectionIn(this IServiceCollection services, string keys)
    {
        services.AddDataProtection().PersistKeysToFileSystem(new DirectoryInfo(keys)).SetApplicationName("guantong");
        return services;
    }
}
