using Dapper;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>How a dataset is rated.</summary>
/// <param name="Average">1 to 5; null where nobody rated it.</param>
/// <param name="Mine">The reader's own stars, or null.</param>
public sealed record Rating(double? Average, long Count, int? Mine);

/// <summary>Stars that accounts give datasets, one rating each, changed as often as one likes. Datasets are rated, never persons (rights.md 1).</summary>
public sealed class Ratings(Store store, TimeProvider clock)
{
    /// <summary>How a dataset (PACK/DATASET) is rated, and by me.</summary>
    public async Task<Rating> OfAsync(string dataset, Person? me, CancellationToken cancel = default)
    {
        var (average, count) = await store.ReadAsync(c => c.QuerySingleAsync<(double?, long)>("SELECT CAST(avg(stars) AS DOUBLE PRECISION), count(*) FROM voice_rating WHERE dataset = @dataset", new { dataset }), cancel);
        var mine = me is null ? null : await store.ReadAsync(c => c.ExecuteScalarAsync<long?>("SELECT stars FROM voice_rating WHERE dataset = @dataset AND login = @Login", new { dataset, me.Login }), cancel);
        return new Rating(average, count, (int?)mine);
    }

    /// <summary>Rates a dataset, or rates it anew.</summary>
    /// <exception cref="RefusedException">The stars are not 1 to 5, or a program asks.</exception>
    public async Task<Rating> RateAsync(Person by, string dataset, int stars, CancellationToken cancel = default)
    {
        if (VoiceWords.OfPerson(by) is var me && stars is < 1 or > 5)
            throw new RefusedException(422, "voice-stars");
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.ExecuteAsync("INSERT INTO voice_rating (dataset, login, stars, changed) VALUES (@dataset, @Login, @stars, @Stamp) ON CONFLICT (dataset, login) DO UPDATE SET stars = excluded.stars, changed = excluded.changed",
                new { dataset, me.Login, stars = (long)stars, change.Stamp });
            change.Record(me, "voice.rated", $"dataset:{dataset}", $$"""{"stars":{{stars}}}""", dataset: dataset);
        }, cancel);
        return await OfAsync(dataset, me, cancel);
    }

    /// <summary>Takes one's rating back.</summary>
    public async Task<Rating> TakeBackAsync(Person by, string dataset, CancellationToken cancel = default)
    {
        if ((await OfAsync(dataset, by, cancel)).Mine is null)
            return await OfAsync(dataset, by, cancel);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.ExecuteAsync("DELETE FROM voice_rating WHERE dataset = @dataset AND login = @Login", new { dataset, by.Login });
            change.Record(by, "voice.rating-taken-back", $"dataset:{dataset}", dataset: dataset);
        }, cancel);
        return await OfAsync(dataset, by, cancel);
    }
}
