namespace Guantong.Tests;

/// <summary>Says which system of the plan (spec/systems.yaml) a test shows at work; docs/systems.md is made of it.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
internal sealed class ShowsAttribute(string system) : Attribute
{
    /// <summary>Its id in the plan's list.</summary>
    public string System { get; } = system;

    /// <summary>What of what “works” asks for is not there yet; null where nothing lacks.</summary>
    public string? Lacks { get; set; }
}
