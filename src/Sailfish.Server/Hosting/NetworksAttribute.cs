using System.ComponentModel.DataAnnotations;

namespace Sailfish.Server.Hosting;

/// <summary>A list of addresses and networks.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NetworksAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        ArgumentNullException.ThrowIfNull(validationContext);
        var wrong = (value as IEnumerable<string>)?.FirstOrDefault(text => !TrustedProxies.TryParse(text, out _));
        return wrong is null ? ValidationResult.Success : new ValidationResult(
            $"'{wrong}' is neither an IP address nor a network such as 10.0.0.0/8.", [validationContext.MemberName!]);
    }
}
