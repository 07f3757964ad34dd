namespace Sailfish.Server.Hosting;

/// <summary>A setting whose value is never shown.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute : Attribute;
