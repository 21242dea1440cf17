using static Guantong.Packs.Reading.Shape;

namespace Guantong.Packs.Reading;

/// <summary>The shape of an indicator's <c>warn</c>.</summary>
internal static class WarnForm
{
    private static readonly Words Id = new("[a-z][a-z0-9]*(-[a-z0-9]+)*", "jump");
    private static readonly Words Text = new();
    private static readonly Words Duration = new(@"P([0-9]{1,4}D(T[0-9]{1,4}H)?|T[0-9]{1,4}H)", "P3D");
    private static readonly Words Comparison = new(@"(>=|<=|>|<|=) ?-?[0-9]{1,15}(\.[0-9]{1,10})?", "> 3");
    private static readonly Words Day = new("[0-9]{4}-[0-9]{2}-[0-9]{2}", "2026-01-01");
    private static readonly OneOf Level = new(["blue", "yellow", "orange", "red"]);
    private static readonly OneOf RegionLevel = new(["province", "city", "county"]);

    private static readonly Form Signal = new("Something in the figures that warns by itself.",
    [
        new("signal", Id, true, "Its id."),
        new("name", Text, false, "What people call it."),
        new("by", new OneOf([.. Packs.Signal.Methods.Keys]), true, "change: against an earlier figure; forecast: standard errors beyond what was expected; control: control chart; ears: EARS for counts by day; cusum: departures that add up."),
        new("levels", new MapOf(Level, Comparison, 1), false, "change, forecast, ears: level → the number that fires it; it grows as the figure gets worse."),
        new("level", Level, false, "control, cusum: the level that it fires."),
        new("to", new OneOf(["previous", "last-year"]), false, "change: the period before, which is meant when left out, or the same one of last year."),
        new("as", new OneOf(["percent", "absolute"]), false, "change: in percent, which is meant when left out, or in the indicator's unit."),
        new("season", new Number(Whole: true), false, "forecast: periods of a season, such as 7 days or 12 months."),
        new("smoothing", new ListOf(new Number(), Exactly: 3), false, "forecast: Holt-Winters parameters of level, trend and season, 0 to 1 each; found by least squares when left out."),
        new("chart", new OneOf(["individuals", "p"]), false, "control: individuals, which is meant when left out; p: a share in percent of the rows that it is computed from."),
        new("rules", new ListOf(new OneOf(["1", "2", "3", "4"]), 1, Once: true), false, "control: the Western Electric rules that count; the first when neither they nor nelson are given."),
        new("nelson", new ListOf(new OneOf(["1", "2", "3", "4", "5", "6", "7", "8"]), 1, Once: true), false, "control: the tests of Nelson's that count."),
        new("form", new OneOf(["C1", "C2", "C3"]), false, "ears: C2 when left out."),
        new("least", new Number(), false, "ears: the smallest standard deviation that is reckoned with, such as 0.5 where most days have none; 0 when left out."),
        new("gaps", new OneOf(["none", "zero"]), false, "ears: what a day without a figure means: nothing is known of it, which is meant when left out, or zero."),
        new("k", new Number(), false, "cusum: what is allowed of each figure, in standard deviations; 0.5 when left out."),
        new("h", new Number(), false, "cusum: what the sum must exceed, in standard deviations; 5 when left out."),
        new("base", new ListOf(Day, Exactly: 2), false, "control, cusum: first and last day of the figures that the others are compared with; the first twenty when left out."),
    ]);

    private static readonly Form Trigger = new("A warning by several signals at once in one area.",
    [
        new("trigger", Id, true, "Its id."),
        new("name", Text, false, "What people call it."),
        new("of", new ListOf(Id, 1, Once: true), true, "The signals; levels is the fixed ones."),
        new("least", new Number(Whole: true), true, "How many have to have fired; a signal counts once for each region within the area."),
        new("within", Duration, true, "Within which time."),
        new("area", RegionLevel, true, "The level of region in which they come together, and which is warned."),
        new("level", Level, true, "The level that it fires."),
    ]);

    public static readonly Form Warn = new("When it warns: fixed levels, signals, several signals at once.",
    [
        new("period", new OneOf(["day", "week", "month", "quarter", "year"]), true, "The period that is watched."),
        new("regions", new ListOf(RegionLevel, 1, Once: true), true, "The levels of region that are watched."),
        new("levels", new MapOf(Level, Comparison, 1), false, "Level → the figure that fires it; may be left out where there are signals."),
        new("keep", new Number(Whole: true), false, "A warning ends after so many periods in a row below every level; one when left out."),
        new("quiet", Duration, false, "What crosses again within this time after an end belongs to the same warning."),
        new("signals", new ListOf(Signal, 1), false, "What else warns."),
        new("together", new ListOf(Trigger, 1), false, "Warnings by several signals at once in one area."),
        new("call", new Form("Whose officials on call are told.",
        [
            new("units", new ListOf(Text, 1, Once: true), false, "Units, in each region the body of the same line; the pack's lead when left out."),
            new("within", Duration, false, "Within which time one of them answers before the unit's leaders are told; PT12H when left out."),
        ]), false, "Whose officials on call are told; the pack's lead unit's when left out."),
    ]);
}
