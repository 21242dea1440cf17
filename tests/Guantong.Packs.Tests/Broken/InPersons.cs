using static Guantong.Tests.Broken.BrokenPack;

namespace Guantong.Tests.Broken;

/// <summary>What is done in person, and asked about: slots that take nobody, places that are of no kind, questions that are asked twice.</summary>
internal static class InPersons
{
    private const string Matter = "matters/stall-permit.yaml", Limit = "limit: P5D";

    public static IReadOnlyList<BrokenPack> Cases { get; } =
    [
        Permit(Matter, Limit, Limit + "\nin-person: {book: {every: PT30M, at-once: 0, ahead: P14D}}", "book-at-once", 12, 43),
        Permit(Matter, Limit, Limit + "\nin-person: {book: {every: PT30M, at-once: 1000, ahead: P14D}}", "book-at-once", 12, 43),
        Permit(Matter, Limit, Limit + "\nin-person: {book: {every: PT3M, at-once: 2, ahead: P14D}}", "bad-format", 12, 27),
        Permit(Matter, Limit, Limit + "\nin-person: {book: {every: PT30M, at-once: 2, ahead: P91D}}", "bad-format", 12, 53),
        Permit(Matter, Limit, Limit + "\nin-person: {at: shop}", "not-one-of", 12, 17),
        Permit(Matter, Limit, Limit + "\nquestions:\n  - {question: 要多久？, answer: 五天。}\n  - {question: 要多久？, answer: 很快。}", "duplicate-name", 14, 5),
        Air("matters/pollution-episode.yaml", "limit: P3D", "limit: P3D\nin-person: {at: hall}", "in-person-start", 12, 12),
    ];
}
