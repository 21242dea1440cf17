using Markdig;

namespace Guantong.Work;

/// <summary>A case's document as fronts show it.</summary>
public static class DocumentHtml
{
    private static readonly MarkdownPipeline Safe = new MarkdownPipelineBuilder().DisableHtml().Build();

    /// <summary>HTML of a document's Markdown; what people wrote in it stays text, never markup.</summary>
    public static string Of(CaseDocument document) => Markdown.ToHtml(document.Markdown, Safe);
}
