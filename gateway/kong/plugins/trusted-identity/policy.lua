local concat = table.concat
local ipairs = ipairs

local FORBIDDEN = "You cannot consume this service"
local METHODS_REQUIRED = "Authentication by %s is required"


local function contains(list, wanted)
  for _, item in ipairs(list) do
    if item == wanted then
      return true
    end
  end
  return false
end


--- Those of the wanted items that the list lacks.
local function missing(list, wanted)
  local lacking = {}
  for _, item in ipairs(wanted) do
    if not contains(list, item) then
      lacking[#lacking + 1] = item
    end
  end
  return lacking
end


--- What the caller lacks of what the route asks for; nil when nothing.
return function(roles, amr, identity)
  if #roles > 0 and #missing(identity.roles, roles) == #roles then
    return FORBIDDEN
  end

  local methods = missing(identity.amr, amr)
  return #methods > 0 and METHODS_REQUIRED:format(concat(methods, ", ")) or nil
end
