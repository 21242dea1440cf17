using System.Net;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>Guessing is slowed down; nobody can shut another out.</summary>
public sealed class AttemptTests
{
    [Fact]
    public void A_stranger_s_sixth_guess_waits_and_each_wait_is_longer()
    {
        var clock = new HandClock();
        var attempts = new Attempts(clock);
        var tally = Attempts.For("heron", "192.0.2.1", null);
        for (var i = 0; i < 5; i++)
            Assert.Equal(TimeSpan.Zero, attempts.Begin(tally));
        var waits = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            var wait = attempts.Begin(tally);
            waits.Add(wait.TotalSeconds);
            clock.Now += wait;
            Assert.Equal(TimeSpan.Zero, attempts.Begin(tally));
        }
        Assert.Equal([30, 60, 120, 240, 480, 900, 900], waits);
    }

    [Fact]
    public void A_login_that_others_hammer_from_many_addresses_stays_open_on_its_owner_s_browser()
    {
        var attempts = new Attempts(new HandClock());
        for (var i = 0; i < 400; i++)
            attempts.Begin(Attempts.For("heron", $"198.51.100.{i % 250}", null));
        Assert.NotEqual(TimeSpan.Zero, attempts.Wait(Attempts.For("heron", "203.0.113.9", null)));
        Assert.Equal(TimeSpan.Zero, attempts.Wait(Attempts.For("heron", "198.51.100.7", "the-owner-s")));
        Assert.Equal(TimeSpan.Zero, attempts.Wait(Attempts.For("egret", "203.0.113.9", null)));
    }

    [Fact]
    public void Many_at_once_are_counted_before_they_are_looked_at()
    {
        var attempts = new Attempts(new HandClock());
        var tally = Attempts.For("heron", "192.0.2.1", null);
        var let = 0;
        Parallel.For(0, 100, _ =>
        {
            if (attempts.Begin(tally) == TimeSpan.Zero)
                Interlocked.Increment(ref let);
        });
        Assert.Equal(5, let);
    }

    [Fact]
    public void A_right_password_clears_its_own_count_and_an_hour_s_quiet_every_count()
    {
        var clock = new HandClock();
        var attempts = new Attempts(clock);
        var tally = Attempts.For("heron", "192.0.2.1", null);
        for (var i = 0; i < 4; i++)
            attempts.Begin(tally);
        attempts.Succeeded(tally);
        for (var i = 0; i < 5; i++)
            Assert.Equal(TimeSpan.Zero, attempts.Begin(tally));
        Assert.NotEqual(TimeSpan.Zero, attempts.Wait(tally));
        clock.Now += TimeSpan.FromHours(1);
        Assert.Equal(TimeSpan.Zero, attempts.Wait(tally));
    }

    [Fact]
    public async Task Over_HTTP_the_owner_s_known_browser_comes_in_while_a_stranger_from_the_same_address_waits()
    {
        await using var host = await TrustHost.StartAsync("sqlite");
        await host.AddAsync("heron", "case-worker");
        using var owner = await host.SignInAsync("heron");
        using var stranger = host.Browser();
        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await TrustHost.TryAsync(stranger, "heron", "guess number " + i)).StatusCode);
        var shut = await TrustHost.TryAsync(stranger, "heron", TrustHost.Password);
        Assert.Equal((HttpStatusCode.TooManyRequests, 30.0), (shut.StatusCode, shut.Headers.RetryAfter!.Delta!.Value.TotalSeconds));
        Assert.Equal(HttpStatusCode.OK, (await TrustHost.TryAsync(owner, "heron", TrustHost.Password)).StatusCode);
        // The browser's mark is its owner's alone.
        await host.AddAsync("egret", "case-worker");
        Assert.Equal(HttpStatusCode.OK, (await TrustHost.TryAsync(owner, "egret", TrustHost.Password)).StatusCode);
    }
}
