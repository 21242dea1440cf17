using System.Xml.Linq;

namespace Guantong.Tests;

/// <summary>The models of the BPMN Model Interchange Working Group, drawn as the Desk draws processes.</summary>
public sealed class DrawingTests
{
    [Fact]
    public async Task Every_reference_model_is_drawn_whole()
    {
        var files = Directory.GetFiles(Repository.NeedMaterial("bpmn-miwg"), "*.bpmn").Order().ToList();
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await using var visitor = await Visitor.ComeAsync(platform, Screen.Desktop);
        await visitor.SignInAsync("duty");
        await visitor.OpenAsync("/desk/incidents");
        await visitor.Page.EvaluateAsync("() => document.querySelector('main').insertAdjacentHTML('beforeend', '<div class=\"bpmn\" id=\"place\"></div>')");
        var missing = new List<string>();
        foreach (var file in files)
        {
            var xml = await File.ReadAllTextAsync(file);
            var drawn = await visitor.Page.EvaluateAsync<string[]>("""
                async xml => {
                  const place = document.getElementById('place'), desk = await import('/_content/Guantong.Desk/desk.js');
                  return await desk.drawProcess(place, xml, [], []) ? [...place.querySelectorAll('[data-element-id]')].map(e => e.dataset.elementId) : [];
                }
                """, xml);
            missing.AddRange(Shapes(xml).Except(drawn).Select(id => $"{Path.GetFileName(file)} {id}"));
        }
        Assert.True(files.Count > 0 && missing.Count == 0, string.Join('\n', missing));
    }

    // What the first diagram of a file shows; a second one is another page of it.
    private static IEnumerable<string> Shapes(string xml)
    {
        XNamespace di = "http://www.omg.org/spec/BPMN/20100524/DI";
        return XDocument.Parse(xml).Descendants(di + "BPMNDiagram").First().Descendants()
            .Where(e => e.Name == di + "BPMNShape" || e.Name == di + "BPMNEdge").Where(e => e.Attribute("bpmnElement") is not null).Select(e => ((string)e.Attribute("bpmnElement")!).Split(':')[^1]);
    }
}
