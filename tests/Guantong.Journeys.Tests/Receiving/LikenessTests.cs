using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Guantong.Work;

namespace Guantong.Tests;

/// <summary>How alike two texts are said to be.</summary>
public sealed class LikenessTests
{
    private const string Said = "示例路口的工地每天夜里打桩，噪声很大，住在旁边的人都睡不着";

    [Theory]
    [InlineData(Said, Said, 1, 1)]
    [InlineData(Said, "示例路口的工地，每天夜里打桩!噪声很大 住在旁边的人都睡不着。", 1, 1)]
    [InlineData(Said, Said + "，请尽快处理", 0.6, 0.95)]
    [InlineData(Said, "买的手机有质量问题，商家不给退款，已经打了三次电话", 0, 0.1)]
    public void Texts_that_say_the_same_are_alike_and_others_are_not(string one, string other, double least, double most) =>
        Assert.InRange(Likeness.Share(Likeness.Of(one)!, Likeness.Of(other)!), least, most);

    [Fact]
    public void A_text_that_is_too_short_is_like_none() => Assert.Null(Likeness.Of("太吵了！！！"));

    [Property]
    public Property A_text_is_wholly_like_itself_and_likeness_goes_both_ways(NonNull<string> one, NonNull<string> other)
    {
        var (a, b) = (Likeness.Of(one.Get + Said), Likeness.Of(other.Get + "另外一句完全不同的话说的是别的事情"));
        return (Likeness.Share(a!, a!) == 1 && Likeness.Share(a!, b!) == Likeness.Share(b!, a!)).ToProperty();
    }
}
