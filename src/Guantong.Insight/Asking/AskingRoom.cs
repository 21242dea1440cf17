using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Insight;

/// <summary>Asking: plain words over indicators, queries put together, kept questions, analysts' SQL.</summary>
internal static class AskingRoom
{
    public static IServiceCollection AddAsking(this IServiceCollection services) => services
        .AddSingleton<LexiconBook>().AddSingleton<Answerer>().AddSingleton<SavedQuestions>().AddSingleton<Analysis>();

    public static void MapAsking(this IEndpointRouteBuilder api)
    {
        api.MapAsk();
        api.MapQueries();
        api.MapQuestions();
        api.MapAnalysis();
    }
}
